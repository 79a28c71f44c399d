// What comes within a dialog: RFC 3261 sections 8.2, 12.2.2.
// SPDX-License-Identifier: MIT
#include "tests/core/call/call_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// D09, D10.
TEST_F(CallTest, refuses_what_is_out_of_order_whatever_it_is) {
  FarDialog dialog = far_calls_bob();
  world.inject(far_address, bob, dialog.request("ACK"));
  world.inject(far_address, bob, dialog.request("OPTIONS", {}, {}, 1'100));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
  for (const std::string_view method : {"OPTIONS", "INVITE", "UPDATE", "INFO", "BYE", "MESSAGE"}) {
    world.inject(far_address, bob, dialog.request(method, {}, {}, 1'100));
    EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 500")) << method;
  }
  EXPECT_EQ(bob.calls.state(bob.last), CallState::established);
}

// D11, D12.
TEST_F(CallTest, knows_its_dialog_by_all_of_its_names) {
  FarDialog dialog = far_calls_bob();
  world.inject(far_address, bob, dialog.request("ACK"));
  FarDialog other = dialog;
  other.from = replaced(other.from, "tag=f1", "tag=f2");
  world.inject(far_address, bob, other.request("BYE"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481"));
  other = dialog;
  other.call_id = "another";
  world.inject(far_address, bob, other.request("BYE"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481"));
  other = dialog;
  other.to = replaced(other.to, "tag=", "tag=0");
  world.inject(far_address, bob, other.request("BYE"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481"));
  EXPECT_EQ(bob.calls.state(bob.last), CallState::established);
}

TEST_F(CallTest, that_has_ended_is_unknown) {
  FarDialog dialog = far_calls_bob();
  world.inject(far_address, bob, dialog.request("ACK"));
  world.inject(far_address, bob, dialog.request("BYE"));
  for (const std::string_view method : {"BYE", "INVITE", "UPDATE", "OPTIONS"}) {
    world.inject(far_address, bob, dialog.request(method));
    EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481")) << method;
  }
}

// D20.
TEST_F(CallTest, whose_far_side_does_not_know_it_any_more_ends) {
  establish();
  ASSERT_TRUE(alice.calls.request(alice.moment(), call, Method::info,
                                  {.body = "5", .type = "application/dtmf"}));
  alice.take_outputs();
  world.run(seconds(1));
  EXPECT_THAT(bob.take_events(), ElementsAre("requested INFO"));
  EXPECT_TRUE(bob.engine.respond(world.now, bob.requested, {.status = 481}));
  bob.take_outputs();
  world.run(seconds(1));
  EXPECT_THAT(alice.take_events(), ElementsAre("replied 481", "ended lost 481"));
}

// D21.
TEST_F(CallTest, of_whose_requests_one_is_refused_goes_on) {
  establish();
  for (const int status : {400, 405, 415, 486, 501, 503, 603}) {
    ASSERT_TRUE(alice.calls.request(alice.moment(), call, Method::info));
    alice.take_outputs();
    world.run(milliseconds(100));
    ASSERT_TRUE(bob.engine.respond(world.now, bob.requested,
                                   {.status = static_cast<std::uint16_t>(status)}));
    bob.take_outputs();
    world.run(milliseconds(100));
    EXPECT_EQ(alice.calls.state(call), CallState::established) << status;
  }
}

// D23.
TEST_F(CallTest, refuses_methods_that_it_does_not_know_by_name) {
  FarDialog dialog = far_calls_bob();
  world.inject(far_address, bob, dialog.request("ACK"));
  const auto refused = [&](std::string_view method) {
    world.inject(far_address, bob, dialog.request(method));
    return world.texts.back().substr(8, 3);
  };
  EXPECT_EQ(refused("NONSENSE"), "501");
  EXPECT_THAT(header_of(world.texts.back(), "Allow"), HasSubstr("UPDATE"));
  EXPECT_EQ(refused("REFER"), "405");
  EXPECT_EQ(refused("SUBSCRIBE"), "405");
  EXPECT_EQ(refused("NOTIFY"), "481");
  world.inject(far_address, bob, dialog.request("INFO", "Info-Package: nonsense\r\n"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 469"));
  EXPECT_EQ(bob.calls.state(bob.last), CallState::established);
}

TEST_F(CallTest, without_a_dialog_is_none_of_what_needs_one) {
  for (const std::string_view method : {"BYE", "PRACK", "UPDATE", "INFO"}) {
    FarDialog nothing{"sip:bob@192.0.2.2", "<sip:far@192.0.2.99>;tag=1", "<sip:bob@192.0.2.2>", "x",
                      1};
    world.inject(far_address, bob, nothing.request(method));
    EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 481")) << method;
  }
}

}  // namespace
}  // namespace sipring::test
