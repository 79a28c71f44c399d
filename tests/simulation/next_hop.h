// Where a request goes: to its first route, or to its Request-URI (RFC 3261 section 8.1.2).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/writer.h>

#include <cstddef>
#include <optional>

#include "tests/simulation/directory.h"

namespace sipring::simulation {

// nullopt: to nobody in particular.
[[nodiscard]] inline std::optional<std::size_t> next_hop(const Directory& directory,
                                                         const Request& request) {
  for (const HeaderLine& line : request.headers) {
    if (header_id_from(line.name) != HeaderId::route) continue;
    const auto route = parse_address(line.value);
    return route ? directory.index_of_uri(route->uri.text) : std::nullopt;
  }
  return directory.index_of_uri(request.request_uri);
}

}  // namespace sipring::simulation
