// Session-ID: RFC 7989 section 5. Both ends of a session, each a UUID of 32 lower-case hexadecimal
// digits. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct SessionId {
  std::string_view local;
  std::string_view remote;      // empty when absent, as of the devices that RFC 7329 describes
  std::string_view parameters;  // all of them, from the first ';'
  std::uint32_t length = 0;     // all octets: the header field is no list
  Forgiven forgiven = {};
};

Parsed<SessionId> parse_session_id(std::string_view value);

// All zeros: the UUID is not known yet (section 5).
[[nodiscard]] bool is_nil_uuid(std::string_view uuid);

}  // namespace sipring
