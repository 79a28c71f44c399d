// A session description as a caller offers it.
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace sipring::test {

inline constexpr std::string_view offer =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0\r\n";

}  // namespace sipring::test
