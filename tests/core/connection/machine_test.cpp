// SPDX-License-Identifier: MIT
#include <sipring/core/connection/detail/machine.h>

#include <gtest/gtest.h>

#include <utility>

namespace sipring {
namespace {

using State = ConnectionState;
using Event = ConnectionEvent;

template <class Check>
void for_each_transition(Check&& check) {
  for (std::size_t state = 0; state < enumerators<State>; ++state) {
    for (std::size_t event = 0; event < enumerators<Event>; ++event) {
      const auto from = static_cast<State>(state);
      const auto on = static_cast<Event>(event);
      if (const auto next = connection_machine.on(from, on); next.exists) check(from, on, next.to);
    }
  }
}

TEST(ConnectionMachine, never_goes_back) {
  for_each_transition([](State from, Event on, State to) {
    EXPECT_GE(std::to_underlying(to), std::to_underlying(from))
        << to_string(from) << " on " << static_cast<int>(on);
  });
}

TEST(ConnectionMachine, leaves_a_descriptor_only_when_io_has_given_it_up) {
  for_each_transition([](State from, Event on, State to) {
    if (to != State::gone) return;
    const bool has_none = from == State::waiting;
    EXPECT_TRUE(has_none || (from == State::ending && on == Event::ended)) << to_string(from);
  });
}

TEST(ConnectionMachine, every_state_has_an_end_that_no_peer_can_withhold) {
  for (const State state : {State::waiting, State::connecting, State::handshaking, State::closing})
    EXPECT_TRUE(connection_machine.on(state, Event::deadline).exists) << to_string(state);
  EXPECT_TRUE(connection_machine.on(State::open, Event::shut).exists) << "its deadlines shut it";
}

TEST(ConnectionMachine, a_failure_ends_whatever_has_a_descriptor) {
  for (const State state : {State::connecting, State::handshaking, State::open, State::closing})
    EXPECT_EQ(connection_machine.on(state, Event::failed).to, State::ending) << to_string(state);
}

TEST(ConnectionMachine, only_what_failed_before_it_was_open_backs_off) {
  for (std::size_t state = 0; state < enumerators<State>; ++state) {
    for (std::size_t event = 0; event < enumerators<Event>; ++event) {
      const auto from = static_cast<State>(state);
      const auto next = connection_machine.on(from, static_cast<Event>(event));
      if (!next.exists || next.actions[0] != ConnectionAction::back_off) continue;
      EXPECT_LT(from, State::open);
    }
  }
}

}  // namespace
}  // namespace sipring
