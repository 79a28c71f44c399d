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

// Views into the message.
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

// What could be read before the error is in `envelope`; the Via comes first, for it says where a
// 400 goes.
std::expected<void, EnvelopeError> read_envelope(const Message& message, Envelope& envelope);

}  // namespace sipring
