// SPDX-License-Identifier: MIT
#include <answer/guard.h>

#include <sipring/core/auth/digest_client.h>
#include <sipring/core/message/parser.h>

#include <gmock/gmock.h>

#include <array>
#include <string>
#include <vector>

#include "tests/apps/answer/answer_fixture.h"

namespace sipring::app::test {
namespace {

const AuthFile& users() {
  static DigestHashes hashes;
  static const AuthFile file =
      AuthFile::parse("bob:zanzibar\n", "users", "biloxi.com", hashes.functions()).value();
  return file;
}

class GuardTest : public AnswerFixture {
 protected:
  GuardTest() : AnswerFixture(small_settings(), {.calls = 64, .auth = &users()}) {}

  // `request` with what a client that knows this password says to the challenge in `response`.
  std::string with_credentials(const std::string& request, const std::string& response,
                               const std::string& username = "bob",
                               const std::string& password = "zanzibar") {
    DigestClient client({.username = username, .password = password}, hashes.functions(),
                        Entropy{{7, 7, 7, 7}});
    const PaddedText padded(response);
    Message message(64, *std::pmr::new_delete_resource());
    EXPECT_TRUE(parse(padded.view(), message));
    DigestAttempt attempt;
    EXPECT_TRUE(client.take(message, attempt));
    std::array<HeaderLine, DigestClient::most_realms> lines;
    std::string room(4'096, '\0');
    const std::string method = request.substr(0, request.find(' '));
    const auto written =
        client.credentials({method, "sip:bob@192.0.2.9", body_of(request)}, attempt, lines, room);
    EXPECT_TRUE(written && written->size() == 1);
    return with_line(request, std::string(lines[0].name) + ": " + std::string(lines[0].value));
  }

  DigestHashes hashes;
};

TEST_F(GuardTest, challenges_every_method_outside_of_a_dialog) {
  for (const char* const method : {"OPTIONS", "REGISTER", "MESSAGE", "INVITE"}) {
    receive(request_to("bob", method, std::string("z9hG4bK") + method));
    const std::string refusal = take_only_sent();
    EXPECT_EQ(first_line(refusal), "SIP/2.0 401 Unauthorized");
    EXPECT_NE(header_of(refusal, "WWW-Authenticate").find("realm=\"biloxi.com\""),
              std::string::npos);
  }
}

TEST_F(GuardTest, lets_in_who_knows_the_password) {
  receive(request_to("bob", "OPTIONS"));
  const std::string challenge = take_only_sent();
  receive(with_credentials(request_to("bob", "OPTIONS", "z9hG4bK2"), challenge));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 200 OK");
}

TEST_F(GuardTest, refuses_a_wrong_password_and_an_unknown_user_alike) {
  receive(request_to("bob", "OPTIONS"));
  const std::string challenge = take_only_sent();
  receive(with_credentials(request_to("bob", "OPTIONS", "z9hG4bK2"), challenge, "bob", "x"));
  const std::string wrong = take_only_sent();
  receive(with_credentials(request_to("bob", "OPTIONS", "z9hG4bK3"), challenge, "carol"));
  const std::string unknown = take_only_sent();
  EXPECT_EQ(first_line(wrong), "SIP/2.0 401 Unauthorized");
  EXPECT_EQ(first_line(unknown), first_line(wrong));
  EXPECT_EQ(wrong.find("stale=true"), std::string::npos);
}

TEST_F(GuardTest, refuses_half_of_credentials_as_malformed) {
  receive(with_line(request_to("bob", "OPTIONS"),
                    "Authorization: Digest username=\"bob\", realm=\"biloxi.com\""));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 400 Bad Request");
}

TEST_F(GuardTest, asks_for_nothing_within_a_dialog_that_was_let_in) {
  receive(invite_to("bob"));
  const std::string challenge = take_only_sent();
  receive(with_credentials(invite_to("bob", "z9hG4bK2"), challenge));
  const std::vector<std::string> texts = take_sent();
  ASSERT_EQ(texts.size(), 3u);
  receive(within(texts.back(), "ACK", "z9hG4bK3"));
  EXPECT_EQ(user.tally().acknowledged, 1u);
  receive(later(texts.back(), "BYE", "z9hG4bK4"));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 200 OK");
}

TEST_F(GuardTest, a_tag_that_is_not_ours_opens_no_door) {
  receive(replaced(request_to("bob", "BYE"), "To: Bob <sip:bob@example.com>",
                   "To: Bob <sip:bob@example.com>;tag=guessed"));
  EXPECT_THAT(take_only_sent(), ::testing::StartsWith("SIP/2.0 481"));
}

}  // namespace
}  // namespace sipring::app::test
