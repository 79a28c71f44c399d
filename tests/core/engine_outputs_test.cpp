// Outputs: what they point to lives until the last of them is taken, and a failed send is told
// after that (RFC 3261 sections 17.1.4, 17.2.4).
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>

#include "tests/support/engine_client_fixture.h"
#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class EngineOutputs : public EngineClientFixture {
 protected:
  // Takes no outputs.
  void input(std::string_view text) {
    arrived = PaddedText(text);
    engine.receive(now, {arrived.view(), address("192.0.2.9", 5060), Flow::of_listener(7)});
  }
  Transmit take_transmit() {
    std::optional<Output> output = engine.next_output();
    const auto* transmit = output ? std::get_if<Transmit>(&*output) : nullptr;
    EXPECT_NE(transmit, nullptr);
    return transmit ? *transmit : Transmit{};
  }
};

// An engine that is told of the ACK at once parses what is told over the response.
TEST_F(EngineOutputs, leaves_a_response_as_it_is_when_the_ack_before_it_cannot_be_sent) {
  const Handle<Transaction> invite = send("INVITE", 9);
  input(response_to(take_only_sent(), "486 Busy Here"));
  const Transmit ack = take_transmit();
  EXPECT_THAT(ack.bytes->view(), StartsWith("ACK "));
  EXPECT_EQ(ack.transaction, invite);
  take_outputs();
  EXPECT_THAT(responses, ElementsAre(486));
  engine.transmit_failed(now, ack.transaction);
  take_outputs();
  EXPECT_THAT(failed, ElementsAre(invite));
  EXPECT_THAT(outcomes, ElementsAre(486));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(EngineOutputs, ends_a_transaction_whose_request_cannot_be_sent) {
  const Handle<Transaction> handle = send("OPTIONS", 9);
  engine.transmit_failed(now, handle);
  take_outputs();
  EXPECT_THAT(failed, ElementsAre(handle));
  EXPECT_THAT(outcomes, ElementsAre(503));
  engine.transmit_failed(now, handle);  // it is gone
  engine.transmit_failed(now, {});      // and this never was
  take_outputs();
  EXPECT_THAT(failed, ElementsAre(handle));
  EXPECT_EQ(engine.counters().transport_errors, 1u);
}

TEST_F(EngineOutputs, names_the_transaction_of_each_message_that_has_one) {
  const Handle<Transaction> options = send("OPTIONS", 1);
  EXPECT_EQ(sent.back().transaction, options);
  const Handle<Transaction> invite = send("INVITE", 1);
  EXPECT_EQ(sent.back().transaction, invite);
  receive(response_to(sent.back().text, "180 Ringing"));
  ASSERT_TRUE(engine.cancel(now, invite));
  take_outputs();
  EXPECT_THAT(sent.back().text, StartsWith("CANCEL "));
  EXPECT_TRUE(sent.back().transaction);
  EXPECT_NE(sent.back().transaction, invite);
  sent.clear();
  advance(std::chrono::milliseconds(900));  // timer E
  const auto again = std::ranges::find_if(
      sent, [](const Sent& message) { return message.text.starts_with("OPTIONS "); });
  ASSERT_NE(again, sent.end());
  EXPECT_EQ(again->transaction, options);
  receive("REGISTER sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n\r\n");
  EXPECT_THAT(sent.back().text, StartsWith("SIP/2.0 400 "));
  EXPECT_FALSE(sent.back().transaction);
}

TEST_F(EngineOutputs, are_taken_before_the_next_input) {
#ifndef NDEBUG
  send("INVITE", 9);
  input(response_to(take_only_sent(), "486 Busy Here"));
  const Transmit ack = take_transmit();
  EXPECT_DEATH(engine.transport_failed(now, ack.bytes->view()), "is_next");
  EXPECT_DEATH(engine.transmit_failed(now, ack.transaction), "is_next");
  EXPECT_DEATH(engine.advance(now), "is_next");
  EXPECT_DEATH(input("\r\n"), "is_next");
  take_outputs();
  input("\r\n");
  EXPECT_THAT(failed, IsEmpty());
#else
  GTEST_SKIP() << "a release build trusts its caller";
#endif
}

class ServerOutputs : public EngineServerFixture {};

TEST_F(ServerOutputs, lets_nobody_go_on_before_a_request_is_kept) {
#ifndef NDEBUG
  arrived = PaddedText(invite);
  engine.receive(now, {arrived.view(), address("192.0.2.1", 5062), Flow::of_listener(7)});
  ASSERT_TRUE(engine.next_output());  // the request; there may be more
  EXPECT_DEATH(engine.advance(now), "is_next");
  take_outputs();
  engine.advance(now);
#else
  GTEST_SKIP() << "a release build trusts its caller";
#endif
}

}  // namespace
}  // namespace sipring::test
