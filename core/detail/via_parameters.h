// ViaParameters: what the Vias of our requests say beside where we are, each with its ';'.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/pools/fixed_text.h>

#include <string_view>

namespace sipring::detail {

class ViaParameters {
 public:
  // `of_overload`: RFC 7339 section 4; empty: none. `reuses_connections`: RFC 5923 section 8.1.
  ViaParameters(std::string_view of_overload, bool reuses_connections) : otherwise_(of_overload) {
    if (reuses_connections) over_tls_ << ";alias";
    over_tls_ << of_overload;
  }
  [[nodiscard]] std::string_view of(Transport transport) const {
    return transport == Transport::tls ? over_tls_.view() : otherwise_;
  }

 private:
  std::string_view otherwise_;
  FixedText<64> over_tls_;
};

}  // namespace sipring::detail
