// Two engines that call each other over a bad network in virtual time. A step is one event.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/network.h"
#include "tests/simulation/peer.h"
#include "tests/simulation/random.h"
#include "tests/simulation/weights.h"

namespace sipring::simulation {

// A rule that is broken on purpose, to prove that the invariants see it.
enum class Canary : std::uint8_t { none, swapped_branch, lost_output };

class Simulator {
 public:
  Simulator(std::uint64_t seed, Canary canary);

  // Work for `steps` steps, then until nothing is left of it.
  void run(std::uint64_t steps);
  [[nodiscard]] std::string summary() const;

 private:
  void step();
  void next_event();
  void deliver(const Packet& packet);
  [[nodiscard]] Instant next_time() const;
  [[nodiscard]] bool is_at_rest() const;

  Random random_;
  Weights weights_;
  Network network_;
  std::vector<std::unique_ptr<Peer>> peers_;
  Instant start_;
  Instant now_;
  std::size_t most_alive_ = 0;
};

}  // namespace sipring::simulation
