// CANCEL, BYE and their crossings: RFC 3261 sections 9, 15.
// SPDX-License-Identifier: MIT
#include "tests/core/call/call_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

// I04.
TEST_F(CallTest, that_rings_is_cancelled_with_487_and_the_same_tag) {
  accepts = false;
  call = alice.call(bob, description("alice"));
  world.run(seconds(1));
  const std::string ringing = world.last_text("SIP/2.0 180");
  end(alice, call);
  world.run(seconds(1));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice INVITE", "bob 180 INVITE", "alice CANCEL",
                                               "bob 200 CANCEL", "bob 487 INVITE", "alice ACK"));
  EXPECT_EQ(header_of(world.last_text("SIP/2.0 487"), "To"), header_of(ringing, "To"));
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180", "ended local 487"));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "ended remote 487"));
  expect_rest();
}

// I05.
TEST_F(CallTest, cancelled_before_any_response_waits_for_the_first_provisional) {
  const std::string invite = alice_calls_far();
  end(alice, call);
  world.run(milliseconds(100));
  EXPECT_EQ(world.count("CANCEL"), 0u);
  world.inject(far_address, alice, reply(invite, "180 Ringing"));
  EXPECT_THAT(world.texts.back(), StartsWith("CANCEL"));
}

TEST_F(CallTest, cancelled_before_any_response_that_is_answered_at_once_is_acknowledged_and_ended) {
  const std::string invite = alice_calls_far();
  end(alice, call);
  world.inject(far_address, alice, reply(invite, "200 OK", "f1", {}, description("far")));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice INVITE", "alice ACK", "alice BYE"));
  world.inject(far_address, alice, reply(world.last_text("BYE"), "200 OK"));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended local"));
}

// I06.
TEST_F(CallTest, cancelled_while_it_is_answered_is_acknowledged_and_ended) {
  const std::string invite = alice_calls_far();
  world.inject(far_address, alice, reply(invite, "180 Ringing"));
  end(alice, call);
  world.inject(far_address, alice, reply(invite, "200 OK", "f1", {}, description("far")));
  EXPECT_THAT(world.take_ladder(),
              ElementsAre("alice INVITE", "alice CANCEL", "alice ACK", "alice BYE"));
}

TEST_F(CallTest, cancelled_without_a_word_from_the_far_side_ends_64_t1_later) {
  const std::string invite = alice_calls_far();
  world.inject(far_address, alice, reply(invite, "180 Ringing"));
  end(alice, call);
  world.run(seconds(33));
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180", "ended local 408"));
}

// I08.
TEST_F(CallTest, that_rings_ends_by_the_callers_bye_with_487) {
  accepts = false;
  world.inject(far_address, bob, far_invite("sip:bob@192.0.2.2", {}, description("far")));
  FarDialog dialog = FarDialog::of_caller(world.last_text("SIP/2.0 180"));
  world.take_ladder();
  world.inject(far_address, bob, dialog.request("BYE"));
  EXPECT_THAT(world.take_ladder(), ElementsAre("bob 200 BYE", "bob 487 INVITE"));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "ended remote 487"));
}

// I12.
TEST_F(CallTest, ended_by_both_at_once_is_an_error_for_neither) {
  establish();
  end(alice, call);
  end(bob, bob.last);
  world.run(seconds(1));
  EXPECT_THAT(world.take_ladder(), ::testing::UnorderedElementsAre("alice BYE", "bob BYE",
                                                                   "alice 200 BYE", "bob 200 BYE"));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended local"));
  EXPECT_THAT(bob.take_events(), ElementsAre("ended local"));
  expect_rest();
}

// I13.
TEST_F(CallTest, is_gone_when_its_bye_has_no_response_or_481) {
  establish();
  world.lose = [](const NetworkAddress&, const std::string& text) {
    return text.starts_with("BYE");
  };
  end(alice, call);
  world.run(seconds(33));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended local"));
}

// Bob has one call that is established, one that rings here and one that rings there.
TEST_F(CallTest, are_all_ended_each_by_its_own_means) {
  establish();
  accepts = false;
  world.inject(far_address, bob, far_invite("sip:bob@192.0.2.2", {}, description("far")));
  bob.call_address(far_address, description("bob"));
  const std::string invite = world.last_text("INVITE");
  world.inject(far_address, bob, reply(invite, "180 Ringing"));
  world.take_ladder(), bob.take_events();

  bob.calls.end_all(bob.moment());
  bob.take_outputs();
  EXPECT_THAT(world.take_ladder(), ElementsAre("bob BYE", "bob 503 INVITE", "bob CANCEL"));
  EXPECT_EQ(header_of(world.last_text("SIP/2.0 503"), "Retry-After"), "5");
  world.inject(far_address, bob, reply(world.last_text("CANCEL"), "200 OK"));
  world.inject(far_address, bob, reply(invite, "487 Request Terminated"));
  world.run(seconds(1));
  EXPECT_EQ(bob.ends, 3);
  EXPECT_EQ(bob.calls.alive(), 0u);
  EXPECT_THAT(alice.take_events(), ElementsAre("ended remote"));
  expect_rest();
}

TEST_F(CallTest, begin_no_more_when_all_are_being_ended) {
  bob.calls.end_all(bob.moment());
  call = alice.call(bob, description("alice"));
  world.run(seconds(1));
  EXPECT_THAT(world.take_ladder(), ElementsAre("alice INVITE", "bob 503 INVITE", "alice ACK"));
  EXPECT_THAT(bob.take_events(), ElementsAre());
  const auto refused = bob.calls.invite(
      bob.moment(), {.to = "<sip:a@192.0.2.1>", .from = bob.contact, .destination = alice.address});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), CallError::leaving);
  expect_rest();
}

// More than there is room for in the outputs.
TEST_F(CallTest, are_all_ended_however_many_there_are) {
  constexpr int many = 16;
  world.phones.push_back(std::make_unique<Phone>(
      world, "carol", 3, CallSettings{}, CallLimits{.calls = many, .forks = many, .outputs = 16}));
  Phone& carol = *world.phones.back();
  for (int i = 0; i < many; ++i) carol.call(bob, description("carol"));
  world.run(seconds(1));
  ASSERT_EQ(bob.calls.alive(), static_cast<std::uint32_t>(many));
  carol.calls.end_all(carol.moment());
  EXPECT_LE(carol.calls.next_deadline(), world.now) << "not all of them at once";
  carol.take_outputs();
  EXPECT_LT(world.count("BYE"), static_cast<std::size_t>(many));
  world.run(seconds(1));
  EXPECT_EQ(world.count("BYE"), static_cast<std::size_t>(many));
  EXPECT_EQ(carol.ends, many);
  EXPECT_EQ(bob.ends, many);
  expect_rest();
}

}  // namespace
}  // namespace sipring::test
