// FoundTarget: where a command sends to, as its command line says it, and what that leads to now: a
// URI ("sip:bob@example.net"), or a transport and a host ("udp:sbc.example.net",
// "udp:192.0.2.1:5060"). It is looked up before anything runs, and may block while it is.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace sipring::app {

struct TargetLookup {
  std::optional<IpAddress::Family> family;  // of the address that we send from, where it is given
  std::optional<NetworkAddress> server;     // instead of those of /etc/resolv.conf
};

struct FoundTarget {
  std::string name = {};  // as it was given; empty: an address, for which nobody had to be asked
  std::string user = {};  // of the URI, where it has one
  std::string host = {};  // as given
  bool is_sips = false;   // by its scheme, which the Request-URI has, too
  std::vector<NetworkAddress> addresses =
      {};  // in order, of one transport and family; at least one
};

// The error is a sentence. Of a URI without a transport it is that of the first target.
[[nodiscard]] std::expected<FoundTarget, std::string> find_target(const std::string& text,
                                                                  const TargetLookup& lookup);
// "sip:bob@n.example leads to udp:192.0.2.1:5070, udp:192.0.2.2:5071"
[[nodiscard]] std::string to_text(const FoundTarget& target);

}  // namespace sipring::app
