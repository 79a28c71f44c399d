// A load generator with an account, against an answering user agent that asks for passwords.
// SPDX-License-Identifier: MIT
#include <load/authorizer.h>

#include <answer/auth_file.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "tests/apps/load/load_fixture.h"

namespace sipring::app::test {
namespace {

const AuthFile& users() {
  static DigestHashes hashes;
  static const AuthFile file =
      AuthFile::parse("bob:zanzibar\nalice:a b c\n", "users", "", hashes.functions()).value();
  return file;
}

class AuthorizerTest : public LoadFixture {
 protected:
  AuthorizerTest() : LoadFixture({.calls = 1024, .auth = &users()}) {}

  LoadOptions as(Scenario scenario, const std::string& username, const std::string& password) {
    LoadOptions options = ten_a_second(scenario);
    options.account = DigestAccount{.username = username, .password = password};
    options.entropy = Entropy{{4, 3, 2, 1}};
    return options;
  }
  std::uint64_t failures(Failure failure) const {
    return load->tally().failures[static_cast<std::size_t>(failure)];
  }
  std::uint64_t unanswered(DigestError error) const {
    return load->tally().unanswered[static_cast<std::size_t>(error)];
  }
};

TEST_F(AuthorizerTest, a_challenge_is_answered_and_its_nonce_used_from_then_on) {
  for (const Scenario scenario : {Scenario::options, Scenario::register_, Scenario::call}) {
    begin(as(scenario, "bob", "zanzibar"));
    run(seconds(3));
    EXPECT_EQ(load->tally().succeeded, 10u);
    EXPECT_EQ(load->tally().failed(), 0u);
    EXPECT_EQ(load->tally().challenged, 1u);
  }
  EXPECT_EQ(user.tally().acknowledged, 10u);
  EXPECT_EQ(user.tally().hung_up, 10u);
}

TEST_F(AuthorizerTest, the_request_that_is_sent_again_has_the_next_number) {
  std::vector<std::string> invites;
  lose = [&](std::string_view text) {
    if (text.starts_with("INVITE")) invites.emplace_back(text);
    return false;
  };
  LoadOptions options = as(Scenario::call, "alice", "a b c");
  options.arrivals.duration = milliseconds(50);
  begin(options);
  run(seconds(1));
  ASSERT_EQ(invites.size(), 2u);
  EXPECT_EQ(header_of(invites[0], "CSeq"), "1 INVITE");
  EXPECT_EQ(header_of(invites[1], "CSeq"), "2 INVITE");
  EXPECT_EQ(header_of(invites[0], "Call-ID"), header_of(invites[1], "Call-ID"));
  EXPECT_EQ(header_of(invites[0], "Authorization"), "(none)");
  EXPECT_TRUE(header_of(invites[1], "Authorization").starts_with("Digest "));
}

TEST_F(AuthorizerTest, the_ack_of_a_2xx_has_its_invites_credentials) {
  std::string invite, ack, bye;
  lose = [&](std::string_view text) {
    if (text.starts_with("INVITE")) invite = text;
    if (text.starts_with("ACK") && text.find("Authorization") != text.npos) ack = text;
    if (text.starts_with("BYE")) bye = text;
    return false;
  };
  begin(as(Scenario::call, "bob", "zanzibar"));
  run(seconds(3));
  EXPECT_FALSE(ack.empty());
  EXPECT_NE(header_of(bye, "Authorization"), header_of(invite, "Authorization"));
}

TEST_F(AuthorizerTest, a_wrong_password_is_tried_once_and_told) {
  begin(as(Scenario::call, "bob", "nairobi"));
  run(seconds(3));
  EXPECT_EQ(failures(Failure::unauthorized), 10u);
  EXPECT_EQ(unanswered(DigestError::wrong_password), 10u);
  EXPECT_LE(load->tally().challenged, 10u);
  EXPECT_EQ(load->tally().statuses[4], 10u);
  EXPECT_EQ(user.tally().answered, 0u);
}

TEST_F(AuthorizerTest, without_an_account_a_challenge_is_final) {
  begin(ten_a_second(Scenario::options));
  run(seconds(2));
  EXPECT_EQ(failures(Failure::unauthorized), 10u);
  EXPECT_EQ(load->tally().challenged, 0u);
}

}  // namespace
}  // namespace sipring::app::test
