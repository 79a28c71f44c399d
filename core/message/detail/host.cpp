// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/detail/runs.h>

#include <algorithm>

namespace sipring::detail {
namespace {

bool is_all_digits(std::string_view text) {
  return std::ranges::all_of(text, is_digit);
}

bool is_hex(char octet) {
  return is_digit(octet) || (octet >= 'a' && octet <= 'f') || (octet >= 'A' && octet <= 'F');
}

// One to four hexadecimal digits.
bool is_group(std::string_view text) {
  if (text.empty() || text.size() > 4) return false;
  for (const char octet : text)
    if (!is_hex(octet)) return false;
  return true;
}

// Groups joined by single colons, an IPv4 address allowed as the last two. The number of groups; -1
// when malformed.
int count_groups(std::string_view text, bool may_end_in_ipv4) {
  int groups = 0;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    const bool last = colon == text.npos;
    if (last && may_end_in_ipv4 && is_ipv4_address(group)) return groups + 2;
    if (!is_group(group)) return -1;
    ++groups;
    if (last) break;
    text.remove_prefix(colon + 1);
    if (text.empty()) return -1;  // a colon at the end
  }
  return groups;
}

// IPv4address by the grammar, which bounds the digits and not the numbers.
bool is_four_numbers(std::string_view text) {
  for (int part = 0;; ++part) {
    const std::size_t digits = std::min(text.find('.'), text.size());
    if (digits == 0 || digits > 3 || !is_all_digits(text.substr(0, digits))) return false;
    text.remove_prefix(digits);
    if (part == 3 || text.empty()) return part == 3 && text.empty();
    text.remove_prefix(1);
  }
}

}  // namespace

bool is_ipv4_address(std::string_view text) {
  for (int part = 0;; ++part) {
    const std::size_t digits = std::min(text.find('.'), text.size());
    if (digits == 0 || digits > 3 || !is_all_digits(text.substr(0, digits))) return false;
    if (digits == 3 && text.substr(0, 3) > "255") return false;
    text.remove_prefix(digits);
    if (part == 3) return text.empty();
    if (text.empty()) return false;
    text.remove_prefix(1);
  }
}

bool is_ipv6_address(std::string_view text) {
  constexpr int all_groups = 8;
  const std::size_t gap = text.find("::");
  if (gap == text.npos) return count_groups(text, true) == all_groups;
  const int before = count_groups(text.substr(0, gap), false);
  const int after = count_groups(text.substr(gap + 2), true);
  return before >= 0 && after >= 0 && before + after < all_groups;
}

bool is_host(std::string_view text) {
  if (text.empty()) return false;
  if (text.front() != '[') return is_all<host_octet>(text);
  return text.size() > 2 && text.back() == ']' && is_ipv6_address(text.substr(1, text.size() - 2));
}

bool is_host_or_zoned(std::string_view text) {
  const std::size_t percent = text.starts_with('[') ? text.find('%') : text.npos;
  if (percent == text.npos) return is_host(text);
  return text.back() == ']' && percent + 2 < text.size() &&
         is_ipv6_address(text.substr(1, percent - 1));
}

bool is_grammatical_host(std::string_view host) {
  if (host.empty() || host.front() == '[' || is_four_numbers(host)) return true;
  if (host.back() == '.') host.remove_suffix(1);
  for (;;) {
    const std::size_t dot = host.find('.');
    const std::string_view label = host.substr(0, dot);
    if (label.empty() || label.front() == '-' || label.back() == '-') return false;
    if (dot == host.npos) return !is_digit(label.front());
    host.remove_prefix(dot + 1);
  }
}

bool is_no_port(std::string_view digits) {
  return digits.find_first_not_of('0') == digits.npos;
}

std::optional<std::uint16_t> port_from(std::string_view digits) {
  const auto* at = reinterpret_cast<const unsigned char*>(digits.data());
  const auto* const end = at + digits.size();
  const std::uint64_t number = read_number(at, end, 65536);
  if (at != end || number == 0 || number > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(number);
}

}  // namespace sipring::detail
