// An INVITE of ours once more, mended or elsewhere: RFC 3261 sections 8.1.3.4, 8.1.3.5.
// SPDX-License-Identifier: MIT
#include "tests/core/call/call_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::uint32_t cseq_of(const std::string& request) {
  return static_cast<std::uint32_t>(std::stoul(header_of(request, "CSeq")));
}

class RetryTest : public CallTest {
 protected:
  // A final response to the last INVITE, and what alice sends then, her ACK apart.
  std::string answer(std::string_view status, std::string_view more = {}) {
    const std::string invite = world.last_text("INVITE");
    const std::size_t before = world.count("INVITE");
    world.inject(far_address, alice, reply(invite, status, "f1", more));
    return world.count("INVITE") > before ? world.last_text("INVITE") : std::string();
  }
};

// I16.
TEST_F(RetryTest, goes_without_its_offer_where_that_is_too_large_or_not_understood) {
  for (const std::string_view status : {"413 Too Large", "415 Unsupported Media Type"}) {
    const std::string first = alice_calls_far();
    const std::string again = answer(status, "Accept: application/isup\r\n");
    ASSERT_FALSE(again.empty()) << status;
    EXPECT_EQ(cseq_of(again), cseq_of(first) + 1);
    EXPECT_EQ(header_of(again, "Call-ID"), header_of(first, "Call-ID"));
    EXPECT_EQ(header_of(again, "From"), header_of(first, "From"));
    EXPECT_EQ(header_of(again, "To"), header_of(first, "To"));
    EXPECT_EQ(body_of(again), "");
    EXPECT_EQ(answer(status), "") << "once";
    EXPECT_THAT(alice.take_events(), ElementsAre("ended refused " + std::string(status, 0, 3)));
  }
  expect_rest();
}

TEST_F(RetryTest, is_offered_a_session_when_its_own_offer_had_to_stay_out) {
  alice_calls_far();
  alice.on_offered = [&](const Offered& offered) {
    const std::string body = description("alice", 2);
    EXPECT_TRUE(alice.calls.answer(alice.moment(), offered.call, body));
  };
  const std::string again = answer("413 Too Large");
  world.inject(far_address, alice, reply(again, "200 OK", "f1", {}, description("far")));
  EXPECT_EQ(body_of(world.last_text("ACK")), description("alice", 2));
  EXPECT_THAT(alice.take_events(), ElementsAre("offered", "established"));
}

TEST_F(RetryTest, keeps_its_offer_where_only_something_else_is_not_understood) {
  alice_calls_far();
  EXPECT_EQ(answer("415 Unsupported Media Type", "Accept: text/plain, application/*\r\n"), "");
}

TEST_F(RetryTest, goes_without_the_extensions_that_the_far_side_has_not) {
  const HeaderLine lines[] = {{"Subject", "Lunch"}, {"Require", "foo, 100rel, bar"}};
  alice.call_address(far_address, description("alice"), {.headers = lines});
  std::string again = answer("420 Bad Extension", "Unsupported: BAR, foo\r\n");
  EXPECT_EQ(header_of(again, "Require"), "100rel");
  EXPECT_EQ(header_of(again, "Subject"), "Lunch");
  EXPECT_EQ(answer("420 Bad Extension", "Unsupported: 100rel\r\n"), "") << "once";

  const HeaderLine one[] = {{"Require", "foo"}};
  alice.call_address(far_address, description("alice"), {.headers = one});
  again = answer("420 Bad Extension", "Unsupported: foo\r\n");
  EXPECT_THAT(again, ::testing::Not(HasSubstr("\r\nRequire:")));
  EXPECT_EQ(body_of(again), description("alice"));
}

TEST_F(RetryTest, is_over_when_nothing_can_be_mended) {
  for (const std::string_view status :
       {"400 Bad Request", "420 Bad Extension", "500 Error", "603 Decline", "302 Moved"}) {
    alice_calls_far();
    EXPECT_EQ(answer(status, "Unsupported: foo\r\nContact: <sip:other@192.0.2.77>\r\n"), "");
    EXPECT_THAT(alice.take_events(), ElementsAre("ended refused " + std::string(status, 0, 3)));
  }
}

// I15. Alice follows where `follows` says, and refuses a target otherwise.
class RedirectedTest : public ::testing::Test {
 protected:
  RedirectedTest() {
    alice.on_redirected = [&](const Redirected& redirected) {
      const NetworkAddress next = address("192.0.2.50", 5070);
      if (!follows) return;
      EXPECT_TRUE(alice.calls.follow(alice.moment(), redirected.call, next));
    };
  }
  void call_far() { call = alice.call_address(far_address, description("alice")); }
  void moved(std::string_view contacts, std::string_view status = "302 Moved") {
    const std::string invite = world.last_text("INVITE");
    const std::string own = "Contact: <sip:far@192.0.2.99>\r\n";
    world.inject(far_address, alice,
                 replaced(reply(invite, status), own, std::string(contacts) + "\r\n"));
  }
  std::string last_target() const {
    const std::string line = first_line(world.last_text("INVITE"));
    return line.substr(7, line.find(" SIP/2.0") - 7);
  }

  World world;
  Phone& alice = world.add("alice", {.tells_redirections = true});
  Handle<Call> call;
  bool follows = true;
};

TEST_F(RedirectedTest, goes_on_to_each_contact_once_by_its_q) {
  call_far();
  const std::string first = world.last_text("INVITE");
  moved(
      "Contact: <sip:c@c.example>;q=0.1, <sip:b@b.example?Subject=x>;q=0.9\r\n"
      "Contact: <sip:b@B.example>;q=0.5, <tel:+1>, <sip:gone@b.example>;expires=0");
  EXPECT_EQ(last_target(), "sip:b@b.example");
  const std::string second = world.last_text("INVITE");
  EXPECT_EQ(cseq_of(second), cseq_of(first) + 1);
  for (const char* const name : {"From", "To", "Call-ID"})
    EXPECT_EQ(header_of(second, name), header_of(first, name));
  EXPECT_EQ(body_of(second), body_of(first));
  moved("Contact: <sip:someone@192.0.2.99:5060>, <sip:c@c.example>");
  EXPECT_EQ(last_target(), "sip:c@c.example") << "not where it has been";
  moved("Contact: <sip:b@b.example>");
  EXPECT_THAT(alice.take_events(),
              ElementsAre("redirected 302 sip:b@b.example", "redirected 302 sip:c@c.example",
                          "ended refused 302"));
  world.run(minutes(3));
  EXPECT_TRUE(world.is_at_rest());
}

TEST_F(RedirectedTest, goes_on_after_a_failure_but_not_after_one_that_is_everybodys) {
  call_far();
  moved("Contact: <sip:b@b.example>;q=0.9, <sip:c@c.example>;q=0.8, <sip:d@d.example>;q=0.7");
  moved("X: y", "486 Busy Here");
  EXPECT_EQ(last_target(), "sip:c@c.example");
  moved("X: y", "603 Decline");
  EXPECT_THAT(alice.take_events(),
              ElementsAre("redirected 302 sip:b@b.example", "redirected 486 sip:c@c.example",
                          "ended refused 603"));
}

TEST_F(RedirectedTest, is_answered_where_it_has_gone) {
  call_far();
  moved("Contact: <sip:b@b.example>");
  const NetworkAddress next = address("192.0.2.50", 5070);
  world.inject(next, alice,
               reply(world.last_text("INVITE"), "200 OK", "f2", {}, description("far")));
  EXPECT_EQ(alice.calls.state(call), CallState::established);
  EXPECT_EQ(alice.calls.dialog(call)->text(DialogText::targets), "") << "not needed any more";
}

TEST_F(RedirectedTest, goes_nowhere_when_its_user_does_not_say_where) {
  follows = false;
  call_far();
  moved("Contact: <sip:b@b.example>, <sip:c@c.example>");
  world.run(seconds(41));
  EXPECT_EQ(world.count("INVITE"), 1u);
  EXPECT_THAT(alice.take_events(),
              ElementsAre("redirected 302 sip:b@b.example", "redirected 302 sip:c@c.example",
                          "ended refused 302"));
}

TEST_F(RedirectedTest, hung_up_meanwhile_ends_without_a_word) {
  follows = false;
  call_far();
  moved("Contact: <sip:b@b.example>");
  world.take_ladder();
  EXPECT_TRUE(alice.calls.end(alice.moment(), call));
  alice.take_outputs();
  EXPECT_EQ(alice.calls.answer(alice.moment(), call, "v=0").error(), CallError::stale_call);
  EXPECT_THAT(world.take_ladder(), IsEmpty());
  EXPECT_THAT(alice.take_events(),
              ElementsAre("redirected 302 sip:b@b.example", "ended local 302"));
  world.run(minutes(3));
  EXPECT_TRUE(world.is_at_rest());
}

TEST_F(RedirectedTest, survives_the_nth_buffer_that_is_not_there) {
  alice.on_redirected = [&](const Redirected& redirected) {
    (void)alice.calls.follow(alice.moment(), redirected.call, far_address);
  };
  for (std::uint64_t nth = 1; nth < 20; ++nth) {
    call_far();
    alice.engine.buffers().fail_nth_acquire(nth);
    moved("Contact: <sip:b@b.example>, <sip:c@c.example>");
    alice.engine.buffers().fail_nth_acquire(0);
    (void)alice.calls.end(alice.moment(), call);
    alice.take_outputs();
    world.run(minutes(3));
    EXPECT_TRUE(world.is_at_rest()) << nth;
  }
}

}  // namespace
}  // namespace sipring::test
