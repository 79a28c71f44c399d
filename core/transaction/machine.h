// Machine: the rows of an RFC figure, made into a dense table at compile time. A pair without a row
// changes nothing: late timers and stray responses are ordinary. Two rows for one pair do not
// compile.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/transaction/state.h>
#include <sipring/core/transaction/timers.h>

#include <array>
#include <initializer_list>
#include <utility>

namespace sipring {

struct Transition {
  bool exists = false;
  State to = State::terminated;
  std::array<Action, 2> actions{};
};

struct Row {
  State from;
  Event on;
  State to;
  std::array<Action, 2> actions{};
};

class Machine {
 public:
  // `start` is the state after the request has been sent or received; `timers` lists what runs in
  // each state.
  consteval Machine(State start, std::initializer_list<Row> rows,
                    std::initializer_list<std::pair<State, StateTimers>> timers)
      : start_(start) {
    for (const Row& row : rows) add(row);
    for (const auto& [state, list] : timers) timers_[std::to_underlying(state)] = list;
  }

  [[nodiscard]] constexpr State start() const { return start_; }
  [[nodiscard]] constexpr Transition on(State state, Event event) const {
    return table_[std::to_underlying(state)][std::to_underlying(event)];
  }
  // Timers belong to states: entering one arms what is new and stops what it does not list.
  [[nodiscard]] constexpr StateTimers timers(State state) const {
    return timers_[std::to_underlying(state)];
  }

 private:
  consteval void add(const Row& row) {
    Transition& entry = table_[std::to_underlying(row.from)][std::to_underlying(row.on)];
    if (entry.exists) throw "two rows for one state and event";
    entry = {true, row.to, row.actions};
  }

  State start_;
  std::array<std::array<Transition, event_count>, state_count> table_{};
  std::array<StateTimers, state_count> timers_{};
};

}  // namespace sipring
