// SPDX-License-Identifier: MIT
#include <sizing/byte_count.h>

#include <fmt/format.h>

#include <charconv>
#include <limits>

namespace sipring::app {
namespace {

constexpr std::string_view units = "KMGT";

}  // namespace

std::optional<std::uint64_t> parse_byte_count(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.empty()) return number;
  const std::size_t unit = units.find(text.front());
  if (unit == units.npos || (text.size() != 1 && text.substr(1) != "iB")) return std::nullopt;
  const std::size_t shift = 10 * (unit + 1);
  if (number > std::numeric_limits<std::uint64_t>::max() >> shift) return std::nullopt;
  return number << shift;
}

std::string byte_count_text(std::uint64_t bytes) {
  if (bytes < 1'024) return fmt::format("{} B", bytes);
  double number = static_cast<double>(bytes) / 1'024;
  std::size_t unit = 0;
  for (; number >= 1'024 && unit + 1 < units.size(); ++unit) number /= 1'024;
  return fmt::format("{:.{}f} {}iB", number, number < 10 ? 1 : 0, units[unit]);
}

}  // namespace sipring::app
