// HEP3, the encapsulation by which capture agents send on what they saw (Homer, "EEP/HEP version
// 3"): "HEP3", the size of all, then chunks of vendor, type, size and octets.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>

#include <optional>
#include <string_view>

namespace sipring::app {

inline constexpr std::string_view hep3_magic = "HEP3";

struct Hep3 {
  NetworkAddress source, destination;  // as far as the chunks say
  bool has_addresses = false;
  std::string_view payload;  // empty: none, or a compressed one
};

// nullopt: other octets, or broken ones. Views into `octets`.
[[nodiscard]] std::optional<Hep3> read_hep3(std::string_view octets);

}  // namespace sipring::app
