// Session-Expires and Min-SE: RFC 4028 sections 4, 5. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// Who refreshes the session; `unspecified`: the parameter is absent.
enum class Refresher : std::uint8_t { unspecified, uac, uas };

struct SessionExpires {
  std::uint32_t seconds = 0;  // above 2^32-1 they are 2^32-1
  Refresher refresher = Refresher::unspecified;
  std::string_view parameters;
  Forgiven forgiven = {};
};
Parsed<SessionExpires> parse_session_expires(std::string_view value);

struct MinSe {
  std::uint32_t seconds = 0;  // the same
  std::string_view parameters;
  Forgiven forgiven = {};
};
Parsed<MinSe> parse_min_se(std::string_view value);

}  // namespace sipring
