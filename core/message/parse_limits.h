// What a message may be at most (RFC 3261 sections 21.4.11, 21.4.12, 21.5.7). Parsing takes time in
// proportion to its octets whatever they are; these bound what later work has to go through, and
// each has an error of its own (ParseErrorCode) with a status (validate.h). And what must be
// readable behind it.
// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace sipring {

struct ParseLimits {
  std::uint32_t message_bytes = 65'535;     // and never more: message_too_large, 513
  std::uint32_t head_bytes = 65'535;        // start line to blank line: head_too_large, 513
  std::uint32_t body_bytes = 65'535;        // body_too_large, 413
  std::uint32_t request_uri_bytes = 4'096;  // request_uri_too_long, 414
  std::uint32_t header_bytes = 65'535;      // a value with its folds: header_too_long, 513
  std::uint32_t parameters = 2'048;         // in one header field: too_many_parameters, 400
  std::uint32_t multipart_depth = 8;        // for MultipartLeaves: nesting_too_deep, 400
  // The number of header fields is the Message's own: too_many_headers, 513.

  // A message of so many octets cannot pass any limit. A parameter has two octets at least.
  [[nodiscard]] constexpr std::uint32_t harmless_size() const {
    const std::uint32_t of_parameters = parameters < (1U << 30) ? 2 * parameters : parameters;
    return std::min(
        {message_bytes, head_bytes, body_bytes, request_uri_bytes, header_bytes, of_parameters});
  }
};

// For octets that have been accepted before.
inline constexpr ParseLimits no_limits{65'535, 65'535, 65'535, 65'535, 65'535, 65'535, 65'535};

// Octets after the end of a message that must be readable (their values do not matter): wide loads
// may touch them, views never do. Debug builds read them all, so that a sanitizer sees a buffer
// that is too short.
inline constexpr std::size_t readable_padding = 64;

}  // namespace sipring
