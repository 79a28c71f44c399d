// Who lives where: the nodes of a run by number, peers first, then proxies, then those that break
// rules.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/random.h"
#include "tests/simulation/weights.h"

namespace sipring::simulation {

class Directory {
 public:
  explicit Directory(const Weights& weights);

  [[nodiscard]] std::size_t size() const { return addresses_.size(); }
  [[nodiscard]] const NetworkAddress& operator[](std::size_t node) const {
    return addresses_[node];
  }
  [[nodiscard]] std::optional<std::size_t> index_of(const NetworkAddress& address) const;
  // The node that a URI names by its address and port: where a request with it goes.
  [[nodiscard]] std::optional<std::size_t> index_of_uri(std::string_view uri) const;

  // A node that answers for users, other than `caller`: a peer, sometimes a peer that breaks rules.
  [[nodiscard]] std::size_t draw_answerer(Random& random, std::size_t caller) const;
  // One of the proxies after `node`, so that no request goes in circles; nullopt: none is there.
  [[nodiscard]] std::optional<std::size_t> draw_proxy(Random& random, std::size_t node) const;

 private:
  std::size_t peers_, proxies_;
  std::vector<NetworkAddress> addresses_;
};

}  // namespace sipring::simulation
