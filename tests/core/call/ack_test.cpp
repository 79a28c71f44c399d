// The ACK of a 2xx: RFC 3261 sections 13.2.2.4, 13.3.1.4, 15.
// SPDX-License-Identifier: MIT
#include "tests/core/call/call_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

// I01.
TEST_F(CallTest, repeats_its_2xx_until_the_ack_and_ends_by_bye_after_64_t1) {
  world.lose = [&](const NetworkAddress&, const std::string& text) {
    return text.starts_with("ACK");
  };
  call = alice.call(bob, description("alice"));
  world.run(seconds(31));
  // 0, 0.5, 1.5, 3.5, 7.5 and then every 4 s.
  EXPECT_EQ(world.count("SIP/2.0 200 OK"), 10u);
  world.take_ladder();
  world.run(seconds(2));
  EXPECT_THAT(world.take_ladder(), ::testing::Contains("bob BYE"));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "established", "ended unacknowledged"));
  expect_rest();
}

// Its INVITE's transaction needs the 2xx no more, and ends with timer I instead of L.
TEST_F(CallTest, tells_the_engine_of_the_ack) {
  FarDialog dialog = far_calls_bob();
  const std::uint32_t before = bob.engine.buffers().size();
  EXPECT_EQ(bob.engine.transactions_alive(), 1u);
  world.inject(far_address, bob, dialog.request("ACK"));
  EXPECT_LT(bob.engine.buffers().size(), before);
  world.run(std::chrono::milliseconds(5'100));
  EXPECT_EQ(bob.engine.transactions_alive(), 0u);
}

// D07: the same ACK again, and the user hears nothing.
TEST_F(CallTest, acknowledges_a_2xx_that_comes_again) {
  int acks = 0;
  world.lose = [&](const NetworkAddress&, const std::string& text) {
    return text.starts_with("ACK") && ++acks <= 2;
  };
  call = alice.call(bob, description("alice"));
  world.run(seconds(10));
  EXPECT_EQ(acks, 3);
  EXPECT_EQ(world.count("SIP/2.0 200 OK"), 3u);
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180", "established"));
}

// I02.
TEST_F(CallTest, goes_on_repeating_its_2xx_when_the_ack_is_of_another_number) {
  FarDialog dialog = far_calls_bob();
  world.inject(far_address, bob, dialog.request("ACK", {}, {}, 99));
  world.run(seconds(2));
  EXPECT_EQ(world.count("SIP/2.0 200"), 3u);
  world.inject(far_address, bob, dialog.request("ACK", {}, {}, 100));
  world.run(seconds(10));
  EXPECT_EQ(world.count("SIP/2.0 200"), 3u);
}

// I03.
TEST_F(CallTest, that_is_not_acknowledged_ends_by_their_bye_and_sends_none_before) {
  FarDialog dialog = far_calls_bob();
  end(bob, bob.last);
  world.run(seconds(5));
  EXPECT_EQ(world.count("BYE"), 0u) << "not before the ACK";
  const std::size_t repeated = world.count("SIP/2.0 200");
  world.inject(far_address, bob, dialog.request("BYE"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
  world.run(seconds(20));
  EXPECT_EQ(world.count("SIP/2.0 200"), repeated + 1);
  EXPECT_EQ(bob.ends, 1);
}

TEST_F(CallTest, hung_up_before_the_ack_sends_bye_when_it_has_come) {
  FarDialog dialog = far_calls_bob();
  end(bob, bob.last);
  world.inject(far_address, bob, dialog.request("ACK"));
  EXPECT_THAT(world.texts.back(), StartsWith("BYE"));
}

// I14.
TEST_F(CallTest, whose_2xx_lacks_the_answer_is_acknowledged_and_ended) {
  const std::string invite = alice_calls_far();
  world.inject(far_address, alice, reply(invite, "200 OK"));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice INVITE", "alice ACK", "alice BYE"));
  world.inject(far_address, alice, reply(world.last_text("BYE"), "200 OK"));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended undescribed 200"));
}

// D03: also the BYE after a lost ACK.
TEST_F(CallTest, that_is_not_acknowledged_hangs_up_through_a_strict_router) {
  far_calls_bob("Record-Route: <sip:strict.example>\r\n");
  world.run(seconds(40));
  const std::string bye = world.last_text("BYE");
  EXPECT_EQ(first_line(bye), "BYE sip:strict.example SIP/2.0");
  EXPECT_EQ(header_of(bye, "Route"), "<sip:far@192.0.2.99>");
}

}  // namespace
}  // namespace sipring::test
