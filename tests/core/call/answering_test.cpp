// Their INVITE: RFC 3261 sections 8.2, 13.3.
// SPDX-License-Identifier: MIT
#include "tests/core/call/call_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// I10.
TEST_F(CallTest, that_rings_beyond_its_expires_ends_with_487) {
  accepts = false;
  world.inject(far_address, bob,
               far_invite("sip:bob@192.0.2.2", "Expires: 20\r\n", description("far")));
  world.run(seconds(19));
  EXPECT_EQ(bob.ends, 0);
  world.run(seconds(2));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "ended timed_out 487"));
}

// I11.
TEST_F(CallTest, that_rings_long_says_so_each_minute) {
  accepts = false;
  world.inject(far_address, bob, far_invite("sip:bob@192.0.2.2", {}, description("far")));
  world.run(seconds(190));
  EXPECT_EQ(world.count("SIP/2.0 180"), 4u);
}

// I18, D22.
TEST_F(CallTest, with_an_extension_that_is_required_and_unknown_is_refused_by_name) {
  world.inject(far_address, bob, far_invite("sip:bob@192.0.2.2", "Require: 100rel, nonsense\r\n"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 420"));
  EXPECT_EQ(header_of(world.texts.back(), "Unsupported"), "nonsense");
  EXPECT_THAT(bob.take_events(), IsEmpty());
  FarDialog dialog = far_calls_bob();
  world.inject(far_address, bob, dialog.request("INFO", "Require: nonsense\r\n"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 420"));
  EXPECT_EQ(bob.calls.state(bob.last), CallState::established);
}

TEST_F(CallTest, that_would_remoment_or_join_another_is_refused) {
  for (const std::string_view header : {"Replaces", "Join"}) {
    const std::string line = std::string(header) + ": c1;to-tag=1;from-tag=2\r\n";
    world.inject(far_address, bob, far_invite("sip:bob@192.0.2.2", line, description("far")));
    EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 420"));
  }
  EXPECT_THAT(bob.take_events(), IsEmpty());
}

// I19.
TEST_F(CallTest, with_a_body_that_nobody_knows_is_refused_unless_it_is_optional) {
  std::string invite = far_invite("sip:bob@192.0.2.2", {}, "hello");
  world.inject(far_address, bob, replaced(invite, "application/sdp", "text/plain"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 415"));
  EXPECT_THAT(header_of(world.texts.back(), "Accept"), HasSubstr("application/sdp"));
  invite =
      far_invite("sip:bob@192.0.2.2", "Content-Disposition: render;handling=optional\r\n", "hello");
  world.inject(far_address, bob, replaced(invite, "application/sdp", "text/plain"));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200"));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming"));
}

TEST_F(CallTest, reads_the_description_within_a_multipart_body) {
  const std::string body = "--b\r\nContent-Type: application/sdp\r\n\r\n" + description("far") +
                           "\r\n--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n";
  const std::string invite = far_invite("sip:bob@192.0.2.2", {}, body);
  world.inject(far_address, bob, replaced(invite, "application/sdp", "multipart/mixed;boundary=b"));
  EXPECT_THAT(bob.take_events(), ElementsAre("incoming", "established"));
  EXPECT_EQ(bob.remote, description("far"));
}

// D01.
TEST_F(CallTest, copies_the_record_route_in_its_order_and_has_a_contact_in_180_and_200) {
  const std::string first = "Record-Route: <sip:a.example.com;lr>, <sip:b.example.com;lr>\r\n";
  const std::string second = "Record-Route: <sip:c.example.com;lr>\r\n";
  far_calls_bob(first + second);
  for (const std::string_view start : {"SIP/2.0 180", "SIP/2.0 200"}) {
    const std::string response = world.last_text(start);
    std::string routes;
    for (const std::string& line : {first, second})
      routes += line.substr(14, line.size() - 16) + ",";
    std::string copied;
    for (std::string rest = lines_of(response, "Record-Route"); !rest.empty();) {
      const std::size_t end = rest.find("\r\n");
      copied += rest.substr(14, end - 14) + ",";
      rest.erase(0, end + 2);
    }
    EXPECT_EQ(copied, routes) << start;
    EXPECT_EQ(header_of(response, "Contact"), bob.contact) << start;
    EXPECT_NE(header_of(response, "To").find(";tag="), std::string::npos) << start;
  }
}

// D25.
TEST_F(CallTest, that_finds_no_room_is_refused_with_503_and_leaves_nothing) {
  bob.calls.fail_nth_call(1);
  world.inject(far_address, bob, far_invite("sip:bob@192.0.2.2", {}, description("far")));
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 503"));
  EXPECT_EQ(header_of(world.texts.back(), "Retry-After"), "5");
  EXPECT_EQ(bob.calls.alive(), 0u);
  world.inject(far_address, bob,
               replaced(FarDialog::of_caller(world.texts.back()).request("ACK"), "far", "far"));
  world.run(minutes(2));
  EXPECT_EQ(bob.engine.buffers().size(), 0u);
}

// However far it gets when memory runs out, the caller has an answer and nothing is left.
TEST_F(CallTest, survives_the_nth_buffer_that_is_not_there) {
  bob.on_incoming = [&](const IncomingCall& incoming) {
    (void)bob.calls.ring(bob.moment(), incoming.call);
    const std::string body = description("bob");
    if (!bob.calls.accept(bob.moment(), incoming.call, {.body = body})) {
      EXPECT_TRUE(bob.calls.reject(bob.moment(), incoming.call, 503));
    }
  };
  for (std::uint64_t nth = 1; nth <= 40; ++nth) {
    SCOPED_TRACE(nth);
    bob.engine.buffers().fail_nth_acquire(nth);
    call = alice.call(bob, description("alice"));
    world.run(seconds(40));
    bob.engine.buffers().fail_nth_acquire(0);
    if (alice.calls.state(call)) end(alice, call);
    world.run(minutes(3));
    EXPECT_TRUE(world.is_at_rest());
    EXPECT_EQ(alice.ends, static_cast<int>(nth));
  }
}

// D13.
TEST_F(CallTest, of_one_call_id_and_two_tags_is_two) {
  world.inject(far_address, bob,
               far_invite("sip:bob@192.0.2.2", {}, description("far"), "one", "t1"));
  world.inject(far_address, bob,
               far_invite("sip:bob@192.0.2.2", {}, description("far"), "one", "t2"));
  EXPECT_EQ(bob.calls.alive(), 2u);
}

TEST_F(CallTest, is_rejected_with_any_code) {
  bob.on_incoming = [&](const IncomingCall& incoming) {
    const HeaderLine lines[] = {{"Reason", "Q.850;cause=17"}};
    EXPECT_TRUE(bob.calls.reject(bob.moment(), incoming.call, 486, lines));
  };
  call = alice.call(bob, description("alice"));
  world.run(seconds(1));
  EXPECT_EQ(header_of(world.last_text("SIP/2.0 486"), "Reason"), "Q.850;cause=17");
  EXPECT_THAT(alice.take_events(), ElementsAre("ended refused 486"));
  expect_rest();
}

// What its user takes, too, stands in its messages, and is no reason to refuse.
TEST(CallAbilities, are_those_of_calls_and_of_their_user) {
  World world;
  Phone& bob = world.add(
      "bob",
      {.methods = {"REGISTER"}, .extensions = {"siprec"}, .body_types = {"application/isup"}});
  bob.on_incoming = [&](const IncomingCall& incoming) {
    EXPECT_EQ(bob.calls.offered(incoming.call), incoming.offer);
    const std::string body = description("bob");
    EXPECT_TRUE(bob.calls.accept(bob.moment(), incoming.call, {.body = body}));
  };
  world.inject(far_address, bob,
               far_invite("sip:bob@192.0.2.2", "Require: siprec\r\n", description("far")));
  const std::string ok = world.last_text("SIP/2.0 200");
  EXPECT_THAT(header_of(ok, "Allow"), HasSubstr("INFO, MESSAGE, REGISTER"));
  EXPECT_EQ(header_of(ok, "Supported"), "100rel, timer, siprec");
  FarDialog dialog = FarDialog::of_caller(ok);
  world.inject(far_address, bob, dialog.request("ACK"));
  EXPECT_EQ(bob.calls.counters().accepted, 1u);
  EXPECT_EQ(bob.calls.counters().acknowledged, 1u);
  world.inject(far_address, bob, dialog.request("OPTIONS"));
  EXPECT_THAT(header_of(world.texts.back(), "Accept"), HasSubstr("application/isup"));
  world.inject(far_address, bob, dialog.request("REGISTER"));
  EXPECT_EQ(bob.take_events().back(), "requested REGISTER");
  std::string isup =
      far_invite("sip:bob@192.0.2.2", "Content-Type: application/ISUP;version=x\r\n", {}, "far2");
  isup = replaced(isup, "Content-Length: 0\r\n\r\n", "Content-Length: 3\r\n\r\nabc");
  world.inject(far_address, bob, isup);
  EXPECT_THAT(world.texts.back(), StartsWith("SIP/2.0 200")) << "with an offer of ours";
}

}  // namespace
}  // namespace sipring::test
