// Framing: finds the start line and the boundaries of header fields, folding included (RFC 3261
// sections 7, 25.1). Values stay opaque; each has a parser of its own in core/message/header/.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/message/parse_limits.h>
#include <sipring/core/result.h>

#include <string_view>

namespace sipring {

// Parses one datagram, with readable_padding octets behind it (parse_limits.h). Three
// answers besides success: `incomplete` (the head's blank line has not come, or fewer body octets
// than Content-Length), a limit that is passed (parse_limits.h), and what is malformed, with its
// offset. After the body a datagram may carry more octets; they are left out (section 18.3). On
// failure `message` holds every line that could be framed, those after a broken one too, so that a
// 400 or a 505 finds its Via; the first error is the answer.
//
// Reading is tolerant: message.forgiven() says what was let pass, and strictly(parse(...), message)
// refuses it.
Parsed<void> parse(std::string_view bytes, Message& message);
Parsed<void> parse(std::string_view bytes, Message& message, const ParseLimits& limits);

// Of the message that has just been parsed.
[[nodiscard]] Parsed<void> strictly(Parsed<void> parsed, const Message& message);

}  // namespace sipring
