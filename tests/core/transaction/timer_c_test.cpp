// Timer C of a proxy's INVITE: RFC 3261 sections 16.6 item 11, 16.7 item 2, 16.8.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/support/engine_client_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class TimerC : public EngineClientFixture {
 protected:
  void send_invite() {
    proxied = send("INVITE", 9);
    ASSERT_TRUE(engine.set_timer_c(now, proxied, minutes(4)));
    request = take_only_sent();
  }
  Handle<Transaction> proxied;
  std::string request;
};

TEST_F(TimerC, cancels_an_invite_that_rings_too_long_and_tells) {
  send_invite();
  receive(response_to(request, "180 Ringing"));
  advance(minutes(4) - seconds(1));
  EXPECT_THAT(sent, IsEmpty());
  advance(seconds(1) + milliseconds(10));
  EXPECT_THAT(timer_c_fired, ElementsAre(proxied));
  const std::string cancel = take_only_sent();
  EXPECT_THAT(cancel, StartsWith("CANCEL "));
  EXPECT_EQ(header_of(cancel, "Via"), header_of(request, "Via"));
  receive(response_to(cancel, "200 OK"));
  receive(response_to(request, "487 Request Terminated"));
  EXPECT_THAT(take_only_sent(), StartsWith("ACK "));
  EXPECT_THAT(outcomes, ElementsAre(180, 487));
  advance(minutes(5));
  EXPECT_THAT(timer_c_fired, ElementsAre(proxied));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(TimerC, leaves_an_invite_whose_cancel_changes_nothing_64_t1) {
  send_invite();
  receive(response_to(request, "180 Ringing"));
  advance(minutes(4) + seconds(1));
  receive(response_to(request, "180 Ringing"));  // timer B runs now, this changes nothing
  advance(seconds(33));
  EXPECT_THAT(timed_out, ElementsAre(proxied));
  EXPECT_THAT(outcomes, ElementsAre(180, 180, 408));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(TimerC, starts_anew_with_each_provisional_but_100) {
  send_invite();
  receive(response_to(request, "100 Trying"));
  advance(minutes(3));
  receive(response_to(request, "183 Session Progress"));
  advance(minutes(3));
  receive(response_to(request, "183 Session Progress"));
  advance(minutes(3));
  receive(response_to(request, "100 Trying"));
  EXPECT_THAT(timer_c_fired, IsEmpty());
  advance(minutes(1) + seconds(1));
  EXPECT_THAT(timer_c_fired, ElementsAre(proxied));
}

TEST_F(TimerC, leaves_an_invite_without_any_response_to_timer_b) {
  send_invite();
  advance(minutes(10));
  EXPECT_THAT(timer_c_fired, IsEmpty());
  EXPECT_THAT(timed_out, ElementsAre(proxied));
  EXPECT_THAT(outcomes, ElementsAre(408));
}

TEST_F(TimerC, ends_with_the_final_response) {
  for (const std::string_view final : {"200 OK", "404 Not Found"}) {
    send_invite();
    receive(response_to(request, "180 Ringing"));
    receive(response_to(request, final));
    advance(minutes(5));
    (void)take_sent();
  }
  EXPECT_THAT(timer_c_fired, IsEmpty());
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(TimerC, can_be_set_again_while_it_rings_and_taken_away) {
  send_invite();
  receive(response_to(request, "180 Ringing"));
  advance(minutes(3));
  ASSERT_TRUE(engine.set_timer_c(now, proxied, minutes(10)));
  advance(minutes(9));
  EXPECT_THAT(timer_c_fired, IsEmpty());
  ASSERT_TRUE(engine.set_timer_c(now, proxied, Duration{}));
  advance(minutes(60));
  receive(response_to(request, "180 Ringing"));
  advance(minutes(60));
  EXPECT_THAT(timer_c_fired, IsEmpty());
  EXPECT_EQ(engine.status(proxied)->state, State::proceeding);
}

TEST_F(TimerC, is_more_than_three_minutes_and_for_an_open_INVITE_of_ours) {
  const Handle<Transaction> invite = send("INVITE");
  EXPECT_EQ(engine.set_timer_c(now, invite, minutes(3)).error(), SendError::forbidden_timer);
  EXPECT_TRUE(engine.set_timer_c(now, invite, minutes(3) + seconds(1)));
  receive(response_to(sent[0].text, "180 Ringing"));
  ASSERT_TRUE(engine.cancel(now, invite));
  take_outputs();
  EXPECT_EQ(engine.set_timer_c(now, invite, minutes(4)).error(), SendError::wrong_state);
  EXPECT_EQ(engine.set_timer_c(now, send("OPTIONS"), minutes(4)).error(),
            SendError::stale_transaction);
  advance(minutes(5));
  EXPECT_THAT(timer_c_fired, IsEmpty());
  EXPECT_EQ(engine.set_timer_c(now, invite, minutes(4)).error(), SendError::stale_transaction);
}

TEST_F(TimerC, ends_an_INVITE_whose_CANCEL_finds_no_room) {
  send_invite();
  receive(response_to(request, "180 Ringing"));
  engine.fail_nth_transaction(1);
  advance(minutes(4) + seconds(1));
  EXPECT_THAT(timer_c_fired, ElementsAre(proxied));
  EXPECT_THAT(sent, IsEmpty());
  advance(seconds(33));
  EXPECT_THAT(timed_out, ElementsAre(proxied));
}

}  // namespace
}  // namespace sipring::test
