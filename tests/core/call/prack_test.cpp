// Reliable provisional responses: RFC 3262.
// SPDX-License-Identifier: MIT
#include "tests/core/call/call_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// R01, R02, R03, O03, O04.
class ReliableTest : public SessionTest {
 protected:
  ReliableTest() {
    bob.on_incoming = [&](const IncomingCall& incoming) {
      const std::string body = description("bob");
      EXPECT_TRUE(bob.calls.ring(bob.moment(), incoming.call, 183, {.body = body}));
    };
  }
  FarDialog far_rings_bob(std::string_view more, std::string_view body) {
    world.inject(far_address, bob, far_invite("sip:bob@192.0.2.2", more, body));
    return FarDialog::of_caller(world.last_text("SIP/2.0 183"));
  }
  std::string rack() const {
    return "RAck: " + header_of(world.last_text("SIP/2.0 183"), "RSeq") + " 100 INVITE\r\n";
  }
};

TEST_F(ReliableTest, describes_itself_reliably_and_once) {
  call = alice.call(bob, description("alice"));
  world.run(seconds(1));
  EXPECT_THAT(world.take_ladder(),
              ElementsAre("alice INVITE", "bob 183 INVITE", "alice PRACK", "bob 200 PRACK"));
  EXPECT_TRUE(bob.calls.accept(bob.moment(), bob.last));
  bob.take_outputs();
  world.run(seconds(1));
  EXPECT_THAT(world.take_ladder(), ElementsAre("bob 200 INVITE", "alice ACK"));
  EXPECT_THAT(body_of(world.last_text("SIP/2.0 200")), IsEmpty());
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 183 early", "established"));
  expect_agreement();
}

// O02, O05.
TEST_F(ReliableTest, without_an_offer_is_offered_in_the_provisional_and_answered_in_its_prack) {
  call = alice.call(bob, {});
  world.run(seconds(1));
  EXPECT_EQ(body_of(world.last_text("PRACK")), description("alice", versions));
  EXPECT_TRUE(bob.calls.accept(bob.moment(), bob.last));
  bob.take_outputs();
  world.run(seconds(1));
  EXPECT_EQ(alice.calls.state(call), CallState::established);
  expect_agreement();
}

TEST_F(ReliableTest, is_unreliable_where_the_far_side_cannot) {
  far_rings_bob({}, description("far"));
  EXPECT_EQ(header_of(world.last_text("SIP/2.0 183"), "RSeq"), "(none)");
}

// O04.
TEST_F(ReliableTest, accepted_before_the_prack_waits_for_it) {
  FarDialog dialog = far_rings_bob("Supported: 100rel\r\n", description("far"));
  EXPECT_TRUE(bob.calls.accept(bob.moment(), bob.last));
  bob.take_outputs();
  EXPECT_EQ(world.count("SIP/2.0 200"), 0u);
  world.inject(far_address, bob, dialog.request("PRACK", rack()));
  EXPECT_THAT(world.take_ladder(),
              ElementsAre("bob 183 INVITE", "bob 200 PRACK", "bob 200 INVITE"));
}

// R02.
TEST_F(ReliableTest, rings_again_when_the_first_has_its_prack) {
  FarDialog dialog = far_rings_bob("Supported: 100rel\r\nRequire: 100rel\r\n", description("far"));
  EXPECT_TRUE(bob.calls.ring(bob.moment(), bob.last, 180));
  bob.take_outputs();
  EXPECT_EQ(world.count("SIP/2.0 180"), 0u);
  const int first = std::stoi(header_of(world.last_text("SIP/2.0 183"), "RSeq"));
  world.inject(far_address, bob, dialog.request("PRACK", rack()));
  EXPECT_EQ(header_of(world.last_text("SIP/2.0 180"), "RSeq"), std::to_string(first + 1));
}

// R03.
TEST_F(ReliableTest, repeats_until_64_t1_without_a_prack_and_then_refuses_the_invite) {
  far_rings_bob("Supported: 100rel\r\n", description("far"));
  world.run(milliseconds(31'900));
  EXPECT_EQ(world.count("SIP/2.0 183"), 7u);
  world.run(milliseconds(200));
  EXPECT_THAT(world.last_text("SIP/2.0 504"), Not(IsEmpty()));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "ended unacknowledged 504"));
}

// R04.
TEST_F(ReliableTest, refuses_a_prack_of_nothing_with_481) {
  FarDialog dialog = far_rings_bob("Supported: 100rel\r\n", description("far"));
  world.inject(far_address, bob, dialog.request("PRACK", "RAck: 1 99 INVITE\r\n"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481"));
  world.inject(far_address, bob, dialog.request("PRACK", rack()));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
  const std::size_t repeated = world.count("SIP/2.0 183");
  world.run(seconds(20));
  EXPECT_EQ(world.count("SIP/2.0 183"), repeated);
}

// R07.
TEST_F(ReliableTest, takes_the_prack_of_a_bare_provisional_after_its_2xx) {
  bob.on_incoming = [&](const IncomingCall& incoming) {
    EXPECT_TRUE(bob.calls.ring(bob.moment(), incoming.call, 183));
    EXPECT_TRUE(bob.calls.accept(bob.moment(), incoming.call, {.body = description("bob")}));
  };
  FarDialog dialog = far_rings_bob("Require: 100rel\r\n", description("far"));
  EXPECT_EQ(world.count("SIP/2.0 200"), 1u);
  world.inject(far_address, bob, dialog.request("PRACK", rack()));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
  const std::size_t repeated = world.count("SIP/2.0 200");
  world.run(milliseconds(600));
  EXPECT_EQ(world.count("SIP/2.0 200"), repeated + 1) << "the 2xx of the INVITE goes on";
}

// R05, R06.
TEST_F(ReliableTest, acknowledges_in_order_and_each_fork_apart) {
  call = alice.call_address(far_address, description("alice"));
  const std::string invite = world.last_text("INVITE");
  const auto ring = [&](std::string_view tag, int rseq) {
    world.inject(far_address, alice,
                 reply(invite, "180 Ringing", tag,
                       "Require: 100rel\r\nRSeq: " + std::to_string(rseq) + "\r\n"));
    return world.count("PRACK");
  };
  EXPECT_EQ(ring("a", 500), 1u);
  EXPECT_EQ(ring("a", 502), 1u);
  EXPECT_EQ(ring("a", 500), 1u) << "a repeat";
  EXPECT_EQ(ring("a", 501), 2u);
  EXPECT_EQ(ring("a", 502), 3u);
  EXPECT_EQ(ring("b", 7), 4u);
  EXPECT_THAT(header_of(world.last_text("PRACK"), "RAck"), StartsWith("7 "));
  EXPECT_THAT(header_of(world.last_text("PRACK"), "To"), HasSubstr("tag=b"));
}

// R08.
TEST_F(ReliableTest, acknowledges_a_2xx_that_comes_before_the_answer_to_its_prack) {
  call = alice.call_address(far_address, description("alice"));
  const std::string invite = world.last_text("INVITE");
  world.inject(
      far_address, alice,
      reply(invite, "183 Progress", "f1", "Require: 100rel\r\nRSeq: 1\r\n", description("far")));
  world.inject(far_address, alice, reply(invite, "200 OK", "f1"));
  EXPECT_THAT(world.texts.back(), StartsWith("ACK"));
  world.inject(far_address, alice, reply(world.last_text("PRACK"), "200 OK"));
  EXPECT_EQ(alice.calls.state(call), CallState::established);
}

// O05: an offer in a PRACK is answered in its 200.
TEST_F(ReliableTest, answers_the_offer_of_a_prack_in_its_200) {
  FarDialog dialog = far_rings_bob("Supported: 100rel\r\n", description("far"));
  world.inject(far_address, bob, dialog.request("PRACK", rack(), description("far", 2)));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
  EXPECT_EQ(body_of(world.texts.back()), description("bob", versions));
}

}  // namespace
}  // namespace sipring::test
