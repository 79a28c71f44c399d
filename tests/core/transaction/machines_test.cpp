// The four tables against the RFC's prose, read a second time: what each state does with each
// event.
// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/detail/client.h>
#include <sipring/core/transaction/detail/invite_client.h>
#include <sipring/core/transaction/detail/invite_server.h>
#include <sipring/core/transaction/detail/server.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sipring {
namespace {

std::string describe(const TransactionMachine::Transition& transition) {
  if (!transition.exists) return "-";
  std::string text(to_string(transition.to));
  for (const Action action : transition.actions) {
    if (action != Action::none) text += " " + std::string(to_string(action));
  }
  return text;
}

struct Claim {
  State state;
  Event event;
  std::string outcome;
};

// Every pair that is not claimed must have no row.
void expect_exactly(const TransactionMachine& machine, const std::vector<Claim>& claims) {
  for (std::size_t s = 0; s < state_count; ++s) {
    for (std::size_t e = 0; e < event_count; ++e) {
      const auto state = static_cast<State>(s);
      const auto event = static_cast<Event>(e);
      std::string expected = "-";
      for (const Claim& claim : claims) {
        if (claim.state == state && claim.event == event) expected = claim.outcome;
      }
      EXPECT_EQ(describe(machine.on(state, event)), expected)
          << to_string(state) << " on " << to_string(event);
    }
  }
}

using enum State;

TEST(InviteClient, moves_as_figure_5_of_rfc_3261_amended_by_rfc_6026) {
  expect_exactly(invite_client::machine,
                 {
                     {calling, Event::timer_a, "calling send_request"},
                     {calling, Event::timer_b, "terminated report_timeout"},
                     {calling, Event::transport_error, "terminated report_transport_error"},
                     {calling, Event::r1xx, "proceeding pass_up"},
                     {calling, Event::r2xx, "accepted pass_up"},
                     {calling, Event::r300_699, "completed send_ack pass_up"},
                     {proceeding, Event::r1xx, "proceeding pass_up restart_timer_c"},
                     {proceeding, Event::r2xx, "accepted pass_up"},
                     {proceeding, Event::r300_699, "completed send_ack pass_up"},
                     {proceeding, Event::timer_b, "terminated report_timeout"},
                     {proceeding, Event::timer_c, "proceeding report_timer_c send_cancel"},
                     {completed, Event::r300_699, "completed send_ack"},
                     {completed, Event::transport_error, "terminated report_transport_error"},
                     {completed, Event::timer_d, "terminated"},
                     {accepted, Event::r2xx, "accepted pass_up"},
                     {accepted, Event::timer_m, "terminated"},
                 });
}

TEST(InviteServer, moves_as_figure_7_of_rfc_3261_amended_by_rfc_6026) {
  expect_exactly(invite_server::machine,
                 {
                     {proceeding, Event::request, "proceeding send_response"},
                     {proceeding, Event::send_1xx, "proceeding send_response"},
                     {proceeding, Event::send_2xx, "accepted send_response"},
                     {proceeding, Event::send_300_699, "completed send_response"},
                     {proceeding, Event::timer_trying, "proceeding send_100"},
                     {proceeding, Event::transport_error, "proceeding report_transport_error"},
                     {completed, Event::request, "completed send_response"},
                     {completed, Event::timer_g, "completed send_response"},
                     {completed, Event::timer_h, "terminated report_timeout"},
                     {completed, Event::ack, "confirmed"},
                     {completed, Event::transport_error, "completed report_transport_error"},
                     {confirmed, Event::timer_i, "terminated"},
                     {accepted, Event::send_2xx, "accepted send_response"},
                     {accepted, Event::ack, "accepted pass_up"},
                     {accepted, Event::acknowledged, "confirmed"},
                     {accepted, Event::transport_error, "accepted report_transport_error"},
                     {accepted, Event::timer_l, "terminated"},
                 });
}

TEST(Client, moves_as_figure_6_of_rfc_3261) {
  expect_exactly(client::machine,
                 {
                     {trying, Event::timer_e, "trying send_request"},
                     {trying, Event::timer_f, "terminated report_timeout"},
                     {trying, Event::transport_error, "terminated report_transport_error"},
                     {trying, Event::r1xx, "proceeding pass_up"},
                     {trying, Event::r2xx, "completed pass_up"},
                     {trying, Event::r300_699, "completed pass_up"},
                     {proceeding, Event::timer_e, "proceeding send_request"},
                     {proceeding, Event::timer_f, "terminated report_timeout"},
                     {proceeding, Event::transport_error, "terminated report_transport_error"},
                     {proceeding, Event::r1xx, "proceeding pass_up"},
                     {proceeding, Event::r2xx, "completed pass_up"},
                     {proceeding, Event::r300_699, "completed pass_up"},
                     {completed, Event::timer_k, "terminated"},
                 });
}

TEST(Server, moves_as_figure_8_of_rfc_3261_amended_by_rfc_4320) {
  expect_exactly(server::machine,
                 {
                     {trying, Event::send_1xx, "proceeding send_response"},
                     {trying, Event::send_2xx, "completed send_response"},
                     {trying, Event::send_300_699, "completed send_response"},
                     {trying, Event::timer_trying, "proceeding send_100"},
                     {trying, Event::timer_unanswered, "terminated report_timeout"},
                     {proceeding, Event::request, "proceeding send_response"},
                     {proceeding, Event::send_1xx, "proceeding send_response"},
                     {proceeding, Event::send_2xx, "completed send_response"},
                     {proceeding, Event::send_300_699, "completed send_response"},
                     {proceeding, Event::transport_error, "terminated report_transport_error"},
                     {proceeding, Event::timer_unanswered, "terminated report_timeout"},
                     {completed, Event::request, "completed send_response"},
                     {completed, Event::transport_error, "terminated report_transport_error"},
                     {completed, Event::timer_j, "terminated"},
                 });
}

// Each state must have a way out for every timer that it lists.
TEST(Machines, have_a_row_for_every_timer_that_a_state_lists) {
  for (const TransactionMachine* machine :
       {&invite_client::machine, &invite_server::machine, &client::machine, &server::machine}) {
    for (std::size_t s = 0; s < state_count; ++s) {
      const auto state = static_cast<State>(s);
      const StateTimers timers = machine->timers(state);
      for (const Timer timer : {timers.retransmission, timers.lifetime}) {
        if (timer == Timer::none) continue;
        EXPECT_TRUE(machine->on(state, event_of(timer)).exists) << to_string(state);
      }
    }
  }
}

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Timers, have_the_durations_of_table_4) {
  constexpr TimerSettings defaults;
  const auto udp = [&](Timer timer) { return duration(timer, true, false, defaults); };
  EXPECT_EQ(udp(Timer::a), milliseconds(500));
  EXPECT_EQ(udp(Timer::b), seconds(32));
  EXPECT_EQ(udp(Timer::d), seconds(32));
  EXPECT_EQ(udp(Timer::e), milliseconds(500));
  EXPECT_EQ(udp(Timer::f), seconds(32));
  EXPECT_EQ(udp(Timer::g), milliseconds(500));
  EXPECT_EQ(udp(Timer::h), seconds(32));
  EXPECT_EQ(udp(Timer::i), seconds(5));
  EXPECT_EQ(udp(Timer::j), seconds(32));
  EXPECT_EQ(udp(Timer::k), seconds(5));
  EXPECT_EQ(udp(Timer::l), seconds(32));
  EXPECT_EQ(udp(Timer::m), seconds(32));
}

TEST(Timers, vanish_or_never_run_over_a_reliable_transport) {
  constexpr TimerSettings defaults;
  const auto tcp = [&](Timer timer) { return duration(timer, true, true, defaults); };
  for (const Timer timer : {Timer::a, Timer::e, Timer::g}) EXPECT_EQ(tcp(timer), no_timer);
  for (const Timer timer : {Timer::d, Timer::i, Timer::j, Timer::k}) {
    EXPECT_EQ(tcp(timer), Duration::zero());
  }
  for (const Timer timer : {Timer::b, Timer::f, Timer::h, Timer::l, Timer::m}) {
    EXPECT_EQ(tcp(timer), seconds(32));
  }
}

TEST(Timers, ask_for_a_100_after_200_ms_and_for_non_invite_when_timer_e_has_reached_t2) {
  constexpr TimerSettings defaults;
  EXPECT_EQ(duration(Timer::trying, true, false, defaults), milliseconds(200));
  EXPECT_EQ(duration(Timer::trying, false, false, defaults), milliseconds(3500));
}

}  // namespace
}  // namespace sipring
