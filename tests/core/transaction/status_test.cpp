// What can be seen of a transaction, and why it ended: RFC 3261 sections 8.1.3.1, 17.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/support/engine_client_fixture.h"
#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ClientStatus : public EngineClientFixture {
 protected:
  void fail(const std::string& message) {
    const PaddedText undelivered(message);
    engine.transport_failed(now, undelivered.view());
    take_outputs();
  }
  void expect_end(EndReason reason, State state) {
    ASSERT_EQ(ends.size(), 1u);
    EXPECT_EQ(ends[0].reason, reason) << to_string(ends[0].reason);
    EXPECT_EQ(ends[0].state, state) << to_string(ends[0].state);
  }
};

TEST_F(ClientStatus, follows_an_invite_through_its_states) {
  const Handle<Transaction> handle = send("INVITE", 9);
  const std::string request = take_only_sent();
  auto status = engine.status(handle);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->kind, TransactionKind::invite_client);
  EXPECT_EQ(status->state, State::calling);
  EXPECT_EQ(status->peer, address("192.0.2.9", 5060));
  EXPECT_EQ(status->attached, 9u);
  EXPECT_FALSE(status->is_answered());
  receive(response_to(request, "180 Ringing"));
  ASSERT_TRUE(engine.cancel(now, handle));
  take_outputs();
  status = engine.status(handle);
  EXPECT_EQ(status->state, State::proceeding);
  EXPECT_TRUE(status->cancelled);
  receive(response_to(request, "487 Request Terminated"));
  status = engine.status(handle);
  EXPECT_EQ(status->state, State::completed);
  EXPECT_TRUE(status->is_answered());
  advance(seconds(33));
  EXPECT_FALSE(engine.status(handle));
  expect_end(EndReason::done, State::completed);
  EXPECT_THAT(outcomes, ElementsAre(180, 487));
}

TEST_F(ClientStatus, says_timed_out_of_a_request_without_an_answer_which_is_a_408) {
  send("OPTIONS", 9);
  advance(seconds(33));
  expect_end(EndReason::timed_out, State::trying);
  EXPECT_THAT(outcomes, ElementsAre(408));
}

TEST_F(ClientStatus, says_transport_failed_of_a_request_that_cannot_be_delivered_which_is_a_503) {
  send("INVITE", 9);
  fail(take_only_sent());
  expect_end(EndReason::transport_failed, State::calling);
  EXPECT_THAT(outcomes, ElementsAre(503));
}

TEST_F(ClientStatus, keeps_the_outcome_of_an_invite_whose_ACK_cannot_be_delivered) {
  send("INVITE", 9);
  receive(response_to(take_only_sent(), "486 Busy Here"));
  fail(take_only_sent());
  expect_end(EndReason::transport_failed, State::completed);
  EXPECT_THAT(outcomes, ElementsAre(486));
}

class ServerStatus : public EngineServerFixture {
 protected:
  void receive_attached(const std::string& request) {
    receive(request);
    ASSERT_TRUE(engine.attach(requests.back(), 7));
  }
};

TEST_F(ServerStatus, follows_an_invite_to_its_ACK) {
  receive_attached(invite);
  EXPECT_EQ(engine.status(requests[0])->kind, TransactionKind::invite_server);
  EXPECT_EQ(engine.status(requests[0])->state, State::proceeding);
  receive(with_method("CANCEL"));
  EXPECT_TRUE(engine.status(requests[0])->cancelled);
  ASSERT_TRUE(answer(487));
  EXPECT_EQ(engine.status(requests[0])->state, State::completed);
  receive(ack());
  EXPECT_EQ(engine.status(requests[0])->state, State::confirmed);
  advance(seconds(6));
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].reason, EndReason::done);
  EXPECT_EQ(ends[0].state, State::confirmed);
}

TEST_F(ServerStatus, says_timed_out_of_an_ACK_that_never_comes_which_is_no_status) {
  receive_attached(invite);
  ASSERT_TRUE(answer(486));
  advance(seconds(33));
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].reason, EndReason::timed_out);
  EXPECT_THAT(outcomes, IsEmpty());
}

TEST_F(ServerStatus, says_no_room_of_a_request_that_could_not_be_kept) {
  const PaddedText text(invite);
  engine.buffers().fail_nth_acquire(1);
  engine.receive(now, {text.view(), address("192.0.2.1", 5062), Flow::of_listener(7)});
  const std::optional<Output> output = engine.next_output();
  ASSERT_TRUE(engine.attach(std::get<RequestReceived>(*output).transaction, 7));
  take_outputs();
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].reason, EndReason::no_room);
}

TEST(EndReasons, are_those_of_the_events_that_end_a_transaction) {
  EXPECT_EQ(end_reason_of(Event::transport_error), EndReason::transport_failed);
  for (const Event event :
       {Event::timer_b, Event::timer_f, Event::timer_h, Event::timer_unanswered})
    EXPECT_EQ(end_reason_of(event), EndReason::timed_out) << to_string(event);
  for (const Event event : {Event::timer_d, Event::timer_i, Event::timer_j, Event::timer_k,
                            Event::timer_l, Event::timer_m})
    EXPECT_EQ(end_reason_of(event), EndReason::done) << to_string(event);
}

}  // namespace
}  // namespace sipring::test
