// Two phones in calls, for the tests of each message of a call.
// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <string_view>

#include "tests/support/call_world.h"
#include "tests/support/far_side.h"

namespace sipring::test {

inline const NetworkAddress far_address = address("192.0.2.99", 5060);

// Two phones; bob accepts at once unless a test says otherwise.
class CallTest : public ::testing::Test {
 protected:
  CallTest() {
    bob.on_incoming = [&](const IncomingCall& incoming) {
      if (rings) {
        EXPECT_TRUE(bob.calls.ring(bob.moment(), incoming.call));
      }
      if (accepts) accept(incoming.call);
    };
  }
  void accept(Handle<Call> whose) {
    const std::string body = description("bob");
    EXPECT_TRUE(bob.calls.accept(bob.moment(), whose, {.body = body}));
    bob.take_outputs();
  }
  void end(Phone& phone, Handle<Call> whose) {
    EXPECT_TRUE(phone.calls.end(phone.moment(), whose));
    phone.take_outputs();
  }
  void establish() {
    call = alice.call(bob, description("alice"));
    world.run(seconds(1));
    ASSERT_EQ(alice.calls.state(call), CallState::established);
    world.take_ladder();
    alice.take_events(), bob.take_events();
  }
  // A far side that calls bob, and has its 200.
  FarDialog far_calls_bob(std::string_view more = {}) {
    world.inject(far_address, bob, far_invite("sip:bob@192.0.2.2", more, description("far")));
    return FarDialog::of_caller(world.last_text("SIP/2.0 200"));
  }
  // Alice calls a far side: her INVITE.
  std::string alice_calls_far() {
    call = alice.call_address(far_address, description("alice"));
    return world.last_text("INVITE");
  }
  void expect_rest() {
    world.run(minutes(3));
    EXPECT_TRUE(world.is_at_rest());
  }

  World world;
  Phone& alice = world.add("alice");
  Phone& bob = world.add("bob");
  Handle<Call> call;
  bool rings = true, accepts = true;
};

// Bob accepts at once, and answers every offer, unless a test says otherwise.
class SessionTest : public ::testing::Test {
 protected:
  explicit SessionTest(const CallSettings& settings = {})
      : alice(world.add("alice", settings)), bob(world.add("bob", settings)) {
    bob.on_incoming = [&](const IncomingCall& incoming) {
      const std::string body = description("bob");
      EXPECT_TRUE(bob.calls.accept(bob.moment(), incoming.call, {.body = body}));
    };
    for (Phone* const phone : {&alice, &bob}) {
      phone->on_offered = [this, phone](const Offered& offered) {
        const std::string body = description(phone->name, ++versions);
        EXPECT_TRUE(phone->calls.answer(phone->moment(), offered.call, body));
      };
    }
  }
  void establish(std::string_view offer = "-") {
    call = alice.call(bob, offer == "-" ? description("alice") : std::string(offer));
    world.run(seconds(1));
    ASSERT_EQ(alice.calls.state(call), CallState::established);
    world.take_ladder();
    alice.take_events(), bob.take_events();
  }
  void offer(Phone& phone, Handle<Call> whose, const std::string& body) {
    EXPECT_TRUE(phone.calls.offer(phone.moment(), whose, body));
    phone.take_outputs();
  }
  FarDialog far_calls_bob(std::string_view more = {}) {
    world.inject(far_address, bob, far_invite("sip:bob@192.0.2.2", more, description("far")));
    FarDialog dialog = FarDialog::of_caller(world.last_text("SIP/2.0 200"));
    world.inject(far_address, bob, dialog.request("ACK"));
    bob.take_events(), world.take_ladder();
    return dialog;
  }
  // Alice is in a call with a far side.
  std::string alice_talks_to_far(std::string_view more = "Allow: INVITE, UPDATE\r\n") {
    call = alice.call_address(far_address, description("alice"));
    const std::string invite = world.last_text("INVITE");
    world.inject(far_address, alice, reply(invite, "200 OK", "f1", more, description("far")));
    alice.take_events(), world.take_ladder();
    return invite;
  }
  void expect_agreement() {
    EXPECT_EQ(alice.calls.local_description(call), bob.calls.remote_description(bob.last));
    EXPECT_EQ(alice.calls.remote_description(call), bob.calls.local_description(bob.last));
  }

  World world;
  Phone& alice;
  Phone& bob;
  Handle<Call> call;
  int versions = 10;
};

}  // namespace sipring::test
