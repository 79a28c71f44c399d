// Nodes that call each other over a bad network in virtual time. A step is one event.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/canary.h"
#include "tests/simulation/directory.h"
#include "tests/simulation/network.h"
#include "tests/simulation/node.h"
#include "tests/simulation/random.h"
#include "tests/simulation/weights.h"

namespace sipring::simulation {

class Simulator {
 public:
  Simulator(std::uint64_t seed, const Canary& canary);

  // Work for `steps` steps, then until nothing is left of it.
  void run(std::uint64_t steps);
  [[nodiscard]] std::string summary() const;

 private:
  void add_nodes();
  void step();
  void begin();
  void next_event();
  void pass_time(Instant due);
  void deliver(const Packet& packet);
  void advance(std::size_t node);
  // A node is due again when its own clockwork says so; told after each thing that it does.
  void refresh(std::size_t node) { next_events_[node] = nodes_[node]->next_event(); }
  [[nodiscard]] std::size_t next_node() const;
  [[nodiscard]] bool is_at_rest() const;

  Random random_;
  Canary canary_;
  Weights weights_;
  Directory directory_;
  Network network_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<Instant> next_events_;
  std::uint64_t steps_ = 0;
  Instant start_;
  Instant now_;
  Duration away_{};  // in which nobody could do anything
  std::size_t most_alive_ = 0;
};

}  // namespace sipring::simulation
