// Desk: what the main thread of a softphone sees of its shard.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

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
  [[nodiscard]] State state() const;
  [[nodiscard]] std::string unmet() const;  // the expectation that is waited for; empty: none
  // Becomes readable with each new state.
  [[nodiscard]] int changes() const { return changes_; }

  // The shard's.
  void show(State state, std::string_view unmet);

 private:
  mutable std::mutex mutex_;
  std::string unmet_;
  State state_ = State::serving;
  int changes_;
};

}  // namespace sipring::app
