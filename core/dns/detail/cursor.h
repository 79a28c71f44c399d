// Cursor: reads fields of a DNS message one after the other; once one does not fit, all that follow
// fail.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/detail/message.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring::dns::detail {

class Cursor {
 public:
  // Reads from `at`; fields end before `end`, compressed names may point before `at`.
  Cursor(std::string_view message, std::size_t at, std::size_t end)
      : message_(message), at_(at), end_(end) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::size_t left() const { return end_ - at_; }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] DecodeError error() const { return error_; }

  std::uint8_t octet();
  std::uint16_t u16();
  std::uint32_t u32();
  std::string_view octets(std::size_t size);
  std::string_view character_string() { return octets(octet()); }  // RFC 1035 section 3.3
  Name name();                                                     // section 4.1.4

 private:
  bool read_labels(Name& name, std::size_t& from, std::size_t end);
  void fail(DecodeError error);

  std::string_view message_;
  std::size_t at_;
  std::size_t end_;
  bool failed_ = false;
  DecodeError error_ = DecodeError::too_short;
};

}  // namespace sipring::dns::detail
