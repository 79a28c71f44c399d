// Which transaction a request belongs to: RFC 3261 section 17.2.3.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <chrono>
#include <string>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::SizeIs;

using EngineServerMatching = EngineServerFixture;

TEST_F(EngineServerMatching, takes_another_sent_by_for_another_transaction) {
  receive(with_method("OPTIONS"));
  receive(replaced(with_method("OPTIONS"), "192.0.2.1:5062;branch", "192.0.2.1:5063;branch"));
  EXPECT_THAT(requests, SizeIs(2));
}

TEST_F(EngineServerMatching, matches_branch_and_host_without_regard_to_case) {
  receive(replaced(with_method("OPTIONS"), "z9hG4bK1", "z9hG4bKabc"));
  receive(replaced(with_method("OPTIONS"), "z9hG4bK1", "z9hG4bKABC"));
  EXPECT_THAT(requests, SizeIs(1));
}

TEST_F(EngineServerMatching, matches_by_the_rules_of_rfc_2543_without_the_magic_cookie) {
  const std::string old = replaced(invite, "branch=z9hG4bK1", "branch=1");
  receive(old);
  receive(old);
  EXPECT_THAT(requests, SizeIs(1));
  receive(replaced(old, "CSeq: 7", "CSeq: 8"));
  EXPECT_THAT(requests, SizeIs(2));
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 486}));
  take_outputs();
  (void)take_sent();
  const std::string ack_2543 =
      replaced(replaced(old, "INVITE sip", "ACK sip"), "7 INVITE", "7 ACK");
  receive(ack_2543);
  advance(seconds(3));
  EXPECT_THAT(requests, SizeIs(2));
  for (const std::string& text : take_sent()) EXPECT_THAT(text, ::testing::Not(HasSubstr("486")));
}

}  // namespace
}  // namespace sipring::test
