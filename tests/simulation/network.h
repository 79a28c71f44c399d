// A network that loses, duplicates, delays, reorders, corrupts and sometimes says so; each
// direction of each link in its own way.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/time.h>

#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/directory.h"
#include "tests/simulation/random.h"
#include "tests/simulation/weights.h"

namespace sipring::simulation {

struct Packet {
  NetworkAddress source;
  NetworkAddress destination;
  std::string bytes;
  bool is_bounce = false;  // goes back to where `bytes` came from
};

class Network {
 public:
  // A canary: responses are given the branch of others.
  Network(const Weights& weights, const Directory& directory, Random& random, bool swaps_branches);

  void send(Instant now, const NetworkAddress& from, const NetworkAddress& to,
            std::string_view bytes);
  [[nodiscard]] Instant next_arrival() const {
    return arrivals_.empty() ? never : arrivals_.top().at;
  }
  // There is one. Valid until the next call.
  const Packet& take();
  [[nodiscard]] bool empty() const { return arrivals_.empty(); }
  // Of everything delivered: two runs of one seed have the same.
  [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  struct Link {
    unsigned loss = 0, duplication = 0;
    Duration delay{}, jitter{};
  };
  struct Arrival {
    Instant at;
    std::uint64_t number;
    std::uint32_t packet;
    friend bool operator>(const Arrival& a, const Arrival& b) {
      return a.at != b.at ? a.at > b.at : a.number > b.number;
    }
  };

  Link draw_link();
  const Link& link(const NetworkAddress& from, const NetworkAddress& to) const;
  Packet& deliver(Instant now, const Link& link, const NetworkAddress& from,
                  const NetworkAddress& to, std::string_view bytes);
  void swap_branch(std::string& bytes);
  void mix(std::string_view bytes);

  Weights weights_;
  const Directory& directory_;
  Random& random_;
  bool swaps_branches_;
  std::string last_branch_, swapped_;
  std::vector<Link> links_;  // from × to
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
  std::vector<Packet> packets_;
  std::vector<std::uint32_t> free_;
  Packet taken_;
  std::uint64_t sent_ = 0;
  std::uint64_t fingerprint_ = 0xcbf29ce484222325;
};

}  // namespace sipring::simulation
