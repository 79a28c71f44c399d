// message/sipfrag: a fragment of a message, any of a start line, header fields and a body (RFC 3420
// section 2); what a NOTIFY tells about a REFER (RFC 3515 section 2.4.5).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <string_view>

namespace sipring {

struct Sipfrag {
  Forgiven forgiven;  // that of the message too: lines that end in LF alone
};

// Reads into `message`, whose views then point into `text`: neither is_request() nor a status()
// says that there is no start line. Content-Length is that of the whole message and says nothing
// about the fragment; the body is all behind the blank line. Text that ends in the middle of its
// last line is forgiven where the line is complete otherwise. readable_padding (parser.h) is not
// asked for: reads nothing outside `text`.
Parsed<Sipfrag> parse_sipfrag(std::string_view text, Message& message);

}  // namespace sipring
