// A network that loses, duplicates, delays, reorders, corrupts and sometimes says so.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/time.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

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
  Network(const Weights& weights, Random& random, bool swaps_branches);

  void send(Instant now, Packet packet);
  [[nodiscard]] Instant next_arrival() const;
  // There is one.
  Packet take();
  [[nodiscard]] bool empty() const { return packets_.empty(); }
  // Of everything delivered: two runs of one seed have the same.
  [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  void deliver(Instant now, Packet packet);
  void corrupt(std::string& bytes);
  void swap_branch(std::string& bytes);

  Weights weights_;
  Random& random_;
  bool swaps_branches_;
  std::string last_branch_;
  std::map<std::pair<Instant, std::uint64_t>, Packet> packets_;
  std::uint64_t sent_ = 0;
  std::uint64_t fingerprint_ = 0xcbf29ce484222325;
};

}  // namespace sipring::simulation
