// A message put together from its parts: how large it is, and its octets.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/build_error.h>
#include <sipring/core/message/detail/header_list.h>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace sipring::detail {

inline constexpr std::size_t largest_message = 65535;

struct Assembly {
  std::span<const std::string_view> start_line;  // pieces, without CRLF
  const HeaderList& headers;
  NameForm names = NameForm::as_given;
  std::string_view body = {};
};

// A Content-Length that stands among the header fields stays in its place and is corrected; else it
// is the last.
[[nodiscard]] Built write(const Assembly& message, BufferPool& buffers);
// Into `room`: how many octets.
[[nodiscard]] std::expected<std::string_view, BuildError> write(const Assembly& message,
                                                                std::span<char> room);

}  // namespace sipring::detail
