// SPDX-License-Identifier: MIT
#include <sipring/core/dns/detail/hosts.h>

#include <sipring/core/dns/detail/lines.h>

#include <algorithm>
#include <tuple>

namespace sipring::dns {
namespace {

// Whether the last label is this one.
bool is_under(std::string_view name, std::string_view top) {
  if (!name.ends_with(top)) return false;
  return name.size() == top.size() || name[name.size() - top.size() - 1] == '.';
}

}  // namespace

Hosts::Hosts(std::string_view text, std::pmr::memory_resource& memory)
    : names_(&memory), entries_(&memory) {
  names_.reserve(text.size());
  for (std::uint32_t line_number = 0; !text.empty(); ++line_number) {
    std::string_view line = detail::take_line(text);
    const auto address = parse_ip_address(detail::take_word(line));
    if (!address) continue;
    for (auto word = detail::take_word(line); !word.empty(); word = detail::take_word(line)) {
      const auto name = Name::parse(word);
      if (!name) continue;
      const std::string_view view = name->view();
      entries_.push_back({static_cast<std::uint32_t>(names_.size()), line_number,
                          static_cast<std::uint8_t>(view.size()), *address});
      names_.insert(names_.end(), view.begin(), view.end());
    }
  }
  std::ranges::sort(entries_, {},
                    [this](const Entry& entry) { return std::tuple(name_of(entry), entry.line); });
}

std::span<const Hosts::Entry> Hosts::of(std::string_view name) const {
  const auto range = std::ranges::equal_range(
      entries_, name, {}, [this](const Entry& entry) { return name_of(entry); });
  return {range.begin(), range.end()};
}

bool Hosts::is_localhost(std::string_view name) {
  return is_under(name, "localhost");
}

IpAddress Hosts::loopback(IpAddress::Family family) {
  IpAddress address;
  address.family = family;
  if (family == IpAddress::Family::v4) address.octets[0] = 127;
  address.octets[family == IpAddress::Family::v4 ? 3 : 15] = 1;
  return address;
}

Hosts::Known Hosts::know(std::string_view name) const {
  if (!of(name).empty() || is_localhost(name)) return Known::here;
  return is_under(name, "invalid") ? Known::never_there : Known::no;
}

}  // namespace sipring::dns
