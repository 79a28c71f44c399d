// Machine: the rows of a state machine, made into a dense table at compile time. A pair without a
// row changes nothing: late timers and stray responses are ordinary. Two rows for one pair do not
// compile.
//
//   enum class Light : std::uint8_t { red, green };
//   template <> inline constexpr std::size_t sipring::enumerators<Light> = 2;
//   inline constexpr Machine<Light, Press, Deed> light{red, {{red, press, green, {tell}}, ...}};
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <utility>

namespace sipring {

// How many enumerators an enum has, from 0 on without a gap: said beside each enum that a machine
// is made of.
template <class Enum>
inline constexpr std::size_t enumerators = 0;

template <class State, class Event, class Action>
class Machine {
  static_assert(enumerators<State> != 0 && enumerators<Event> != 0);

 public:
  using Actions = std::array<Action, 2>;  // Action{} stands for none

  struct Row {
    State from;
    Event on;
    State to;
    Actions actions{};
  };
  struct Transition {
    bool exists = false;
    State to{};
    Actions actions{};
  };

  consteval Machine(State start, std::initializer_list<Row> rows) : start_(start) {
    for (const Row& row : rows) add(row);
  }

  [[nodiscard]] constexpr State start() const { return start_; }
  [[nodiscard]] constexpr const Transition& on(State state, Event event) const {
    return table_[std::to_underlying(state)][std::to_underlying(event)];
  }

 private:
  consteval void add(const Row& row) {
    Transition& entry = table_[std::to_underlying(row.from)][std::to_underlying(row.on)];
    if (entry.exists) throw "two rows for one state and event";
    entry = {true, row.to, row.actions};
  }

  State start_;
  std::array<std::array<Transition, enumerators<Event>>, enumerators<State>> table_{};
};

}  // namespace sipring
