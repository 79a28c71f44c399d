// TransactionMachine: the rows of an RFC figure, and which timers run in each of its states (RFC
// 3261 section 17).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/detail/machine.h>
#include <sipring/core/transaction/detail/state.h>
#include <sipring/core/transaction/timers.h>

#include <array>
#include <cstddef>
#include <initializer_list>
#include <utility>

namespace sipring {

template <>
inline constexpr std::size_t enumerators<State> = state_count;
template <>
inline constexpr std::size_t enumerators<Event> = event_count;

class TransactionMachine : public Machine<State, Event, Action> {
 public:
  // `start` is the state after the request has been sent or received; `timers` lists what runs in
  // each state.
  consteval TransactionMachine(State start, std::initializer_list<Row> rows,
                               std::initializer_list<std::pair<State, StateTimers>> timers)
      : Machine(start, rows) {
    for (const auto& [state, list] : timers) timers_[std::to_underlying(state)] = list;
  }

  // Timers belong to states: entering one arms what is new and stops what it does not list.
  [[nodiscard]] constexpr StateTimers timers(State state) const {
    return timers_[std::to_underlying(state)];
  }

 private:
  std::array<StateTimers, state_count> timers_{};
};

}  // namespace sipring
