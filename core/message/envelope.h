// Envelope: what every message must have for the transaction layer to handle it (RFC 3261
// sections 8.1.1, 17.1.3, 17.2.3).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/message.h>
#include <sipring/core/message/uri.h>
#include <sipring/core/result.h>

#include <optional>
#include <string_view>

namespace sipring {

// A header field that is missing or malformed, by kind.
struct EnvelopeError {
  HeaderId header = HeaderId::extension;
  ParseError error;  // offset within the header field's value
};

// Views into the message's octets.
struct Envelope {
  Via via;  // the topmost
  std::string_view from_tag;
  std::string_view to_tag;
  std::string_view call_id;
  CSeq cseq;
  std::optional<Uri> request_uri;  // empty: it cannot be read, or this is a response
  EnvelopeError error;             // of the last reading that failed
};

// False when a header field is not as it must be: `envelope.error` says which, and what could be
// read before it stays. The Request-URI may be what it likes. (Not std::expected: written in octets
// and read back in words, it would make the processor wait for its cache at every message.)
[[nodiscard]] bool read_envelope(const Message& message, Envelope& envelope);
// The same in its steps, so that a transaction can be looked for while the rest is read.
[[nodiscard]] bool read_top_via(const Message& message, Envelope& envelope);
[[nodiscard]] bool read_cseq(const Message& message, Envelope& envelope);
[[nodiscard]] bool read_names(const Message& message, Envelope& envelope);  // Call-ID and tags
void read_request_uri(const Message& message, Envelope& envelope);

// The sent-by of a top Via whose parameters cannot be read, as in "SIP/2.0/UDP host:5060;;,": what
// a 400 needs to find its way back. False when that cannot be read either, or there is no Via.
[[nodiscard]] bool read_sent_by(const Message& message, Envelope& envelope);

}  // namespace sipring
