// Destination: what a SIP URI, a sent-by or a person says about where to go, before DNS is asked:
// RFC 3263 section 4.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/via.h>
#include <sipring/core/message/uri.h>
#include <sipring/core/network_address.h>

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

namespace sipring {

enum class DestinationError : std::uint8_t {
  not_sip,            // neither sip nor sips: it says nothing about where to go
  unknown_transport,  // "sctp", or one that goes with a sips URI not at all: "udp"
};
[[nodiscard]] std::string_view to_string(DestinationError error);

// Views are into what it was made of.
struct Destination {
  std::string_view host;               // TARGET: the maddr parameter, else the host
  std::uint16_t port = 0;              // 0: none is given
  std::optional<Transport> transport;  // where the parameter names one; TLS below a sips URI
  bool secure = false;                 // sips: nothing but TLS
  bool uses_services = true;           // NAPTR and SRV are asked for where 4.1 and 4.2 say so
};

[[nodiscard]] std::expected<Destination, DestinationError> destination_of(const Uri& uri);
// Of a response whose way back has failed: section 5.
[[nodiscard]] std::expected<Destination, DestinationError> destination_of(const Via& via);

}  // namespace sipring
