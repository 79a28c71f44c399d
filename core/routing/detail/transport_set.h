// TransportSet: which transports something can use.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>

#include <cstdint>
#include <initializer_list>
#include <utility>

namespace sipring {

class TransportSet {
 public:
  constexpr TransportSet() = default;
  constexpr TransportSet(std::initializer_list<Transport> transports) {
    for (const Transport transport : transports) add(transport);
  }
  constexpr void add(Transport transport) {
    bits_ = static_cast<std::uint8_t>(bits_ | 1U << std::to_underlying(transport));
  }
  [[nodiscard]] constexpr bool contains(Transport transport) const {
    return (bits_ >> std::to_underlying(transport) & 1) != 0;
  }
  friend bool operator==(const TransportSet&, const TransportSet&) = default;

 private:
  std::uint8_t bits_ = 0;
};

}  // namespace sipring
