// What the commands say of their stream connections.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/connection/counters.h>
#include <sipring/io/server.h>

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string>

namespace sipring::app {

// {"open": 1, "accepted": 2, ..., "closed": {"reset": 1}}: of reasons those that there were.
[[nodiscard]] nlohmann::ordered_json connections_json(const ConnectionCounters& counters);
// {"handshakes": 2, "resumed": 1, "failures": {"not_tls": 1}}
[[nodiscard]] nlohmann::ordered_json tls_json(const TlsCounters& counters);
// Lines for a person, each with its line end; empty when there never was a connection.
[[nodiscard]] std::string connections_text(const ConnectionCounters& counters);
[[nodiscard]] std::string tls_text(const TlsCounters& counters);
// A line for each, under a line of titles.
[[nodiscard]] std::string connection_list_text(std::span<const ConnectionInfo> connections);
// {"type": "connections", "connections": [{"peer": "tls:192.0.2.1:40000", ...}]}, in one line.
[[nodiscard]] std::string connection_list_json(std::span<const ConnectionInfo> connections);

}  // namespace sipring::app
