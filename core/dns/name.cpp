// SPDX-License-Identifier: MIT
#include <sipring/core/dns/name.h>

#include <algorithm>

namespace sipring::dns {
namespace {

bool is_printable(char octet) {
  return octet > ' ' && octet <= '~' && octet != '.';
}
char lower(char octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet | 0x20) : octet;
}

}  // namespace

std::optional<Name> Name::parse(std::string_view text) {
  Name name;
  if (text.ends_with('.')) text.remove_suffix(1);
  while (true) {
    const std::size_t dot = text.find('.');
    if (!name.add_label(text.substr(0, dot))) return std::nullopt;
    if (dot == std::string_view::npos) return name;
    text.remove_prefix(dot + 1);
  }
}

bool Name::add_label(std::string_view label) {
  const std::size_t separator = size_ != 0 ? 1 : 0;
  if (label.empty() || label.size() > most_label_octets) return false;
  if (size_ + separator + label.size() > most_octets) return false;
  if (!std::ranges::all_of(label, is_printable)) return false;
  char* to = text_.data() + size_;
  if (separator != 0) *to++ = '.';
  std::ranges::transform(label, to, lower);
  size_ = static_cast<std::uint8_t>(size_ + separator + label.size());
  return true;
}

bool Name::add(const Name& name) {
  const std::size_t separator = size_ != 0 ? 1 : 0;
  if (name.is_root()) return true;
  if (size_ + separator + name.size_ > most_octets) return false;
  if (separator != 0) text_[size_++] = '.';
  std::ranges::copy(name.view(), text_.data() + size_);
  size_ = static_cast<std::uint8_t>(size_ + name.size_);
  return true;
}

std::size_t Name::dots() const {
  return static_cast<std::size_t>(std::ranges::count(view(), '.'));
}

std::string_view Name::host() const {
  std::string_view rest = view();
  while (rest.starts_with('_')) {
    const std::size_t dot = rest.find('.');
    if (dot == std::string_view::npos) return {};
    rest.remove_prefix(dot + 1);
  }
  return rest;
}

}  // namespace sipring::dns
