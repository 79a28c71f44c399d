// Hosts: names that a system knows without asking (hosts(5)), and those that nobody is asked about
// (RFC 6761): "localhost" is this machine, "invalid" does not exist.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/name.h>
#include <sipring/core/network_address.h>

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

namespace sipring::dns {

class Hosts {
 public:
  // `text` is that of the file: an address and its names in each line. Lines that are not are
  // passed over.
  Hosts(std::string_view text, std::pmr::memory_resource& memory);

  enum class Known : std::uint8_t {
    no,          // ask
    here,        // it has the addresses of each()
    never_there  // it has none, and nobody is to be asked
  };
  [[nodiscard]] Known know(std::string_view name) const;
  // Calls visit(IpAddress) for each address of a name that is known here, in the file's order.
  template <class Visit>
  void each(std::string_view name, Visit&& visit) const {
    bool found = false;
    for (const Entry& entry : of(name)) {
      visit(entry.address);
      found = true;
    }
    if (found || !is_localhost(name)) return;
    visit(loopback(IpAddress::Family::v4));
    visit(loopback(IpAddress::Family::v6));
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::uint32_t name = 0;  // where it stands in names_
    std::uint32_t line = 0;
    std::uint8_t size = 0;
    IpAddress address;
  };
  [[nodiscard]] std::string_view name_of(const Entry& entry) const {
    return std::string_view(names_.data() + entry.name, entry.size);
  }
  [[nodiscard]] std::span<const Entry> of(std::string_view name) const;
  static bool is_localhost(std::string_view name);
  static IpAddress loopback(IpAddress::Family family);

  std::pmr::vector<char> names_;
  std::pmr::vector<Entry> entries_;  // by name, then by line
};

}  // namespace sipring::dns
