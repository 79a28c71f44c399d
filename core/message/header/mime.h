// MIME-Version and Content-ID: RFC 3261 section 20.24, RFC 8262 section 3.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct MimeVersion {
  std::uint32_t major = 0;  // above 2^32-1 they are 2^32-1
  std::uint32_t minor = 0;
};
Parsed<MimeVersion> parse_mime_version(std::string_view value);

// What stands between < and >: the rest of a "cid:" URL, there with escapes (RFC 2392).
Parsed<std::string_view> parse_content_id(std::string_view value);

}  // namespace sipring
