// OctetReader: numbers in network order, read one after the other from octets that may end too
// soon.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring::app {

// Reading beyond the end gives zeros and makes ok() false; so a header is read whole and checked
// once.
class OctetReader {
 public:
  explicit OctetReader(std::string_view octets) : rest_(octets) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::string_view rest() const { return rest_; }

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return number(4); }
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      size = rest_.size();
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  void skip(std::size_t size) { (void)take(size); }

 private:
  std::uint32_t number(std::size_t size) {
    std::uint32_t number = 0;
    for (const char octet : take(size)) number = number << 8 | static_cast<unsigned char>(octet);
    return number;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace sipring::app
