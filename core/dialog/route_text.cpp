// SPDX-License-Identifier: MIT
#include <sipring/core/dialog/detail/route_text.h>

#include <algorithm>

namespace sipring {
namespace {

constexpr std::string_view separator = ", ";

}  // namespace

RouteText::RouteText(BufferPool& buffers, const RouteSet& routes, std::string_view target) {
  const bool strict = !routes.strict_uri().empty();
  is_empty_ = routes.size() == 0;
  if (is_empty_) return;
  std::size_t size = target.size() + 2;
  for (std::uint32_t i = 0; i < routes.size(); ++i) size += routes[i].size() + separator.size();
  Ref<Buffer> buffer = buffers.acquire(size);
  if (!buffer) return;
  char* const begin = buffer->data();
  char* at = begin;
  for (std::uint32_t i = strict ? 1 : 0; i < routes.size(); ++i) {
    if (at != begin) at = std::ranges::copy(separator, at).out;
    at = std::ranges::copy(routes[i], at).out;
  }
  if (strict) {
    if (at != begin) at = std::ranges::copy(separator, at).out;
    *at++ = '<';
    at = std::ranges::copy(target, at).out;
    *at++ = '>';
  }
  buffer->resize(static_cast<std::uint32_t>(at - begin));
  buffer_ = std::move(buffer);
}

RouteText::RouteText(BufferPool& buffers, std::string_view routes, std::string_view target) {
  Ref<Buffer> buffer = buffers.acquire(routes.size() + target.size() + 2);
  if (!buffer) return;
  char* at = std::ranges::copy(routes, buffer->data()).out;
  *at++ = '<';
  at = std::ranges::copy(target, at).out;
  *at++ = '>';
  buffer->resize(static_cast<std::uint32_t>(at - buffer->data()));
  buffer_ = std::move(buffer);
}

}  // namespace sipring
