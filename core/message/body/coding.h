// Whether a body is coded: Content-Encoding (RFC 3261 section 20.12).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>

namespace sipring {

// True when any of its codings is another than "identity", or cannot be read. An empty element is
// none: it says nothing.
[[nodiscard]] bool is_coded(const Message& message);

}  // namespace sipring
