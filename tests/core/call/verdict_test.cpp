// The tables of a call and verdict(), walked whole: RFC 3261 section 14.2, RFC 3311 sections 4 and
// 5.2, RFC 3262 section 5.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/exchange_machine.h>
#include <sipring/core/call/detail/invite_machine.h>
#include <sipring/core/call/detail/reliable_machine.h>
#include <sipring/core/call/detail/session_timer_machine.h>
#include <sipring/core/call/detail/verdict.h>

#include <gtest/gtest.h>

#include <cstddef>
#include <set>

namespace sipring::test {
namespace {

template <class Visit>
void for_all_circumstances(Visit&& visit) {
  for (std::size_t invite = 0; invite < enumerators<InviteState>; ++invite)
    for (std::size_t exchange = 0; exchange < enumerators<Exchange>; ++exchange)
      for (const bool received : {false, true})
        for (const bool sent : {false, true})
          visit(Circumstances{static_cast<InviteState>(invite), static_cast<Exchange>(exchange),
                              received, sent});
}

// The RFC's sentences, one after the other, in place of the switch that is tested.
Verdict expected(const Circumstances& at, Method method, bool has_offer) {
  const bool offers = has_offer || method == Method::invite;  // an INVITE without one asks for ours
  if (method == Method::invite) {
    if (is_ours(at.invite)) return Verdict::glare;                  // 14.2
    if (at.invite == InviteState::received) return Verdict::later;  // 14.2
  }
  if (method == Method::update || method == Method::invite) {
    if (at.update_received) return Verdict::later;  // RFC 3311 5.2
  }
  if (!offers) return Verdict::serve;
  if (at.exchange == Exchange::local_offer) return Verdict::glare;   // RFC 3311 5.2
  if (at.exchange == Exchange::remote_offer) return Verdict::later;  // RFC 3311 5.2
  if (at.exchange == Exchange::none) return Verdict::later;  // the first exchange is the INVITE's
  return Verdict::serve;
}

TEST(Verdict, is_that_of_the_rfcs_in_all_circumstances) {
  for_all_circumstances([](const Circumstances& at) {
    for (const Method method : {Method::invite, Method::update, Method::prack}) {
      for (const bool has_offer : {false, true}) {
        EXPECT_EQ(verdict(at, method, has_offer), expected(at, method, has_offer))
            << to_string(method) << (has_offer ? " with offer" : "") << " at "
            << to_string(at.invite) << ", " << to_string(at.exchange);
      }
    }
    for (const Method method : {Method::bye, Method::info, Method::options, Method::message})
      EXPECT_EQ(verdict(at, method, false), Verdict::serve);
  });
}

// Two sides that look at one open exchange never both serve: one of them always gives way.
TEST(Verdict, never_lets_two_offers_be_open) {
  for_all_circumstances([](const Circumstances& at) {
    if (at.exchange == Exchange::agreed) return;
    EXPECT_NE(verdict(at, Method::update, true), Verdict::serve);
    EXPECT_NE(verdict(at, Method::invite, true), Verdict::serve);
    EXPECT_EQ(way_of_offer(at, true, true), Way::wait);
    EXPECT_EQ(way_of_offer(at, false, true), Way::wait);
  });
}

TEST(Verdict, of_our_own_offers_takes_update_within_an_early_dialog_only_where_it_is_allowed) {
  const Circumstances ringing{.invite = InviteState::received, .exchange = Exchange::agreed};
  EXPECT_EQ(way_of_offer(ringing, false, true), Way::update);
  EXPECT_EQ(way_of_offer(ringing, false, false), Way::wait);
  const Circumstances quiet{.invite = InviteState::none, .exchange = Exchange::agreed};
  EXPECT_EQ(way_of_offer(quiet, true, false), Way::invite);
  const Circumstances answered{.invite = InviteState::answered, .exchange = Exchange::agreed};
  EXPECT_EQ(way_of_offer(answered, true, true), Way::wait);
}

// Whatever happens in whatever order, a machine stays within its states, and each can be left.
template <class State, class Event, class Action>
void expect_every_state_is_reached_and_left(const Machine<State, Event, Action>& machine) {
  std::set<State> reached{machine.start()};
  for (std::size_t pass = 0; pass < enumerators<State>; ++pass)
    for (const State state : std::set(reached))
      for (std::size_t event = 0; event < enumerators<Event>; ++event)
        if (const auto& row = machine.on(state, static_cast<Event>(event)); row.exists)
          reached.insert(row.to);
  EXPECT_EQ(reached.size(), enumerators<State>);
  for (const State state : reached) {
    bool left = false;
    for (std::size_t event = 0; event < enumerators<Event>; ++event) {
      const auto& row = machine.on(state, static_cast<Event>(event));
      left |= row.exists && row.to != state;
    }
    EXPECT_TRUE(left) << to_string(state);
  }
}

TEST(CallMachines, reach_every_state_and_leave_it) {
  expect_every_state_is_reached_and_left(call_invite::machine);
  expect_every_state_is_reached_and_left(call_exchange::machine);
  expect_every_state_is_reached_and_left(call_reliable::machine);
  expect_every_state_is_reached_and_left(call_session_timer::machine);
}

TEST(CallMachines, answer_each_offer_once) {
  using enum Exchange;
  const auto on = [](Exchange state, ExchangeEvent event) {
    return call_exchange::machine.on(state, event);
  };
  for (const Exchange state : {none, agreed}) {
    EXPECT_EQ(on(state, ExchangeEvent::offer_sent).to, local_offer);
    EXPECT_EQ(on(state, ExchangeEvent::offer_received).to, remote_offer);
    EXPECT_FALSE(on(state, ExchangeEvent::answer_sent).exists);
    EXPECT_FALSE(on(state, ExchangeEvent::answer_received).exists);
  }
  EXPECT_EQ(on(local_offer, ExchangeEvent::answer_received).to, agreed);
  EXPECT_FALSE(on(local_offer, ExchangeEvent::answer_sent).exists);
  EXPECT_FALSE(on(local_offer, ExchangeEvent::offer_received).exists);
  EXPECT_EQ(on(remote_offer, ExchangeEvent::answer_sent).to, agreed);
  EXPECT_FALSE(on(remote_offer, ExchangeEvent::offer_sent).exists);
}

}  // namespace
}  // namespace sipring::test
