// RouteSet: the Record-Routes of a message as the route set of a dialog (RFC 3261 sections 12.1.1,
// 12.1.2).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/pools/detail/room.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// Views into the message.
class RouteSet {
 public:
  // The one who is asked uses them as they stand, the one who asks in reverse.
  enum class Order : std::uint8_t { as_written, reversed };
  static constexpr std::uint32_t capacity = 64;

  // False when one cannot be read, or there are too many.
  [[nodiscard]] bool read(const Message& message, Order order);

  [[nodiscard]] std::uint32_t size() const { return size_; }
  // In the order of the route set.
  [[nodiscard]] std::string_view operator[](std::uint32_t index) const {
    return texts_[reversed_ ? size_ - 1 - index : index];
  }
  // Of a first route without lr: the Request-URI, without what may not stand there; else empty.
  [[nodiscard]] std::string_view strict_uri() const { return strict_uri_; }
  // The first one is a sips URI.
  [[nodiscard]] bool is_first_secure() const { return first_secure_; }

 private:
  Room<std::string_view, capacity> texts_;
  std::uint32_t size_ = 0;
  bool reversed_ = false;
  bool first_secure_ = false;
  std::string_view strict_uri_;
};

}  // namespace sipring
