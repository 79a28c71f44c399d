// PhoneNumbers: the user parts by which the phones of one thread are known: in their addresses of
// record and in their Contacts ("load0", "load2" ...). Threads deal them out like cards.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/fixed_text.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sipring::app {

struct PhoneNumbers {
  std::string user = "load";
  std::uint32_t first = 0, step = 1;
  std::uint32_t count = 0;

  template <std::size_t Capacity>
  void write(FixedText<Capacity>& text, std::uint32_t phone) const {
    text << user << first + phone * step;
  }
  // Which phone a user part names; nullopt: none of these.
  [[nodiscard]] std::optional<std::uint32_t> phone_of(std::string_view text) const {
    if (!text.starts_with(user)) return std::nullopt;
    text.remove_prefix(user.size());
    std::uint32_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [read, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || read != end || number < first) return std::nullopt;
    const std::uint32_t phone = (number - first) / step;
    return phone < count && (number - first) % step == 0 ? std::optional(phone) : std::nullopt;
  }
};

}  // namespace sipring::app
