// Lookup: finds the targets of a destination before anything runs, and may block while it does: the
// command line's way to RFC 3263. A shard never does this.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/routing/target_search.h>
#include <sipring/io/name_servers.h>

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sipring::app {

// Of a flag --dns; none where that is empty: those of the system are asked. The error is a
// sentence.
[[nodiscard]] std::expected<std::optional<NetworkAddress>, std::string> name_server_of(
    const std::string& dns);

struct LookupOptions {
  std::optional<NetworkAddress> server;  // instead of those of /etc/resolv.conf
  Capabilities capabilities;
  std::uint64_t seed = 1;  // of the choice by weight
};

class Lookup {
 public:
  explicit Lookup(const LookupOptions& options);

  struct Found {
    std::vector<sipring::Target> targets;  // in order
    NoTarget end = NoTarget::all_tried;
  };
  // Told of each question and what came of it.
  using Watch = std::function<void(const TargetQuery& query, const dns::Answer& answer)>;
  [[nodiscard]] Found find(const Destination& destination, const Watch& watch = {});

 private:
  dns::Answer ask(const TargetQuery& query);

  LookupOptions options_;
  NameServers servers_;
  Health health_;
};

}  // namespace sipring::app
