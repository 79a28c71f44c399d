// Desk: what the main thread and the shard of a softphone hand each other.
// SPDX-License-Identifier: MIT
#pragma once

#include <call/phone.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace sipring::app {

class Desk {
 public:
  enum class State : std::uint8_t {
    serving,
    quitting,  // the calls are being ended
    over,      // there is none left
  };

  Desk();
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // The main thread's.
  void give(Order order);
  void quit();
  [[nodiscard]] State state() const;
  [[nodiscard]] std::string unmet() const;  // the expectation that is waited for; empty: none
  // Becomes readable with each new state.
  [[nodiscard]] int changes() const { return changes_; }

  // The shard's.
  struct Given {
    std::vector<Order> orders;
    bool quits = false;
  };
  [[nodiscard]] Given take();
  void show(State state, std::string_view unmet);

 private:
  mutable std::mutex mutex_;
  std::vector<Order> orders_;
  std::string unmet_;
  bool quits_ = false;
  State state_ = State::serving;
  int changes_;
};

}  // namespace sipring::app
