// Messages without a Content-Length in files and connections. A server closes such a connection
// (RFC 3261 section 18.3); who looks at what was sent has to find the next message.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/stream_framer.h>

#include <string_view>

namespace sipring::app {

// `frame` is what the framer says of `octets`. Whether they begin with a message that has no
// Content-Length and no Content-Type either: it is its head alone, of `frame.size` octets. With a
// Content-Type its body is open: it goes on until the octets end, or another start line follows.
[[nodiscard]] bool ends_with_its_head(const StreamFramer::Frame& frame, std::string_view octets);

}  // namespace sipring::app
