// Envelope: what every message must have for the transaction layer to handle it (RFC 3261
// sections 8.1.1, 17.1.3, 17.2.3).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/message.h>
#include <sipring/core/result.h>

#include <string_view>

namespace sipring {

// Views into the message's octets.
struct Envelope {
  Via via;  // the topmost
  std::string_view from_tag;
  std::string_view to_tag;
  std::string_view call_id;
  CSeq cseq;
};

// A header field that is missing or malformed, by kind.
struct EnvelopeError {
  HeaderId header = HeaderId::extension;
  ParseError error;  // offset within the header field's value
};

// In two steps, so that a transaction can be looked for while the rest is read; what could be read
// before an error stays in `envelope`. The Via comes first: it says where a 400 goes.
std::expected<void, EnvelopeError> read_top_via(const Message& message, Envelope& envelope);
std::expected<void, EnvelopeError> read_rest(const Message& message, Envelope& envelope);

}  // namespace sipring
