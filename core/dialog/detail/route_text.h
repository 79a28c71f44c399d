// RouteText: a route set as it goes into Route (RFC 3261 section 12.2.1.1).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/route_set.h>
#include <sipring/pools/buffer.h>

#include <string_view>

namespace sipring {

// The value of Route: the set, without a strict first one and then with the target at its end.
// Empty and true where there is nothing to say; false when there is no room.
class RouteText {
 public:
  RouteText(BufferPool& buffers, const RouteSet& routes, std::string_view target);
  // `routes` as they were written before, each with its comma behind it, and another target.
  RouteText(BufferPool& buffers, std::string_view routes, std::string_view target);

  explicit operator bool() const { return is_empty_ || static_cast<bool>(buffer_); }
  [[nodiscard]] std::string_view view() const {
    return buffer_ ? buffer_->view() : std::string_view{};
  }

 private:
  Ref<Buffer> buffer_;
  bool is_empty_ = false;
};

}  // namespace sipring
