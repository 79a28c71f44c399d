// SPDX-License-Identifier: MIT
#include <call/phone_command.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

namespace sipring::app::test {
namespace {

using ::testing::HasSubstr;
using Verb = PhoneCommand::Verb;

PhoneCommand parsed(std::string_view line) {
  const auto command = parse_command(line);
  EXPECT_TRUE(command && *command) << line;
  return command && *command ? **command : PhoneCommand{};
}

std::string error_of(std::string_view line) {
  const auto command = parse_command(line);
  return command ? "no error" : command.error();
}

TEST(PhoneCommandTest, a_call_has_its_uri) {
  const PhoneCommand command = parsed("call sip:bob@example.com;transport=udp\r");
  EXPECT_EQ(command.verb, Verb::call);
  EXPECT_EQ(command.text, "sip:bob@example.com;transport=udp");
}

TEST(PhoneCommandTest, without_a_number_the_newest_call_is_meant) {
  for (const auto& [line, verb] : {std::pair{"answer", Verb::answer},
                                   {"hold", Verb::hold},
                                   {" resume ", Verb::resume},
                                   {"hangup", Verb::hangup},
                                   {"reject", Verb::reject}}) {
    EXPECT_EQ(parsed(line).verb, verb);
    EXPECT_EQ(parsed(line).call, 0u);
  }
  EXPECT_EQ(parsed("hold 3").call, 3u);
  EXPECT_EQ(parsed("dtmf 12#A 2").call, 2u);
  EXPECT_EQ(parsed("dtmf 12#A 2").text, "12#A");
}

TEST(PhoneCommandTest, a_rejection_is_busy_if_it_says_nothing_else) {
  EXPECT_EQ(parsed("reject").status, 486);
  EXPECT_EQ(parsed("reject 603").status, 603);
  EXPECT_EQ(parsed("reject 480 4").status, 480);
  EXPECT_EQ(parsed("reject 480 4").call, 4u);
}

TEST(PhoneCommandTest, waiting_is_for_an_event_or_for_seconds) {
  EXPECT_EQ(parsed("wait ended=486").text, "ended=486");
  EXPECT_EQ(parsed("pause 0.25").duration, std::chrono::milliseconds(250));
}

TEST(PhoneCommandTest, empty_lines_and_comments_are_nothing) {
  for (const std::string_view line : {"", "  ", "\r", "# call sip:bob@example.com"}) {
    const auto command = parse_command(line);
    EXPECT_TRUE(command && !*command) << line;
  }
}

TEST(PhoneCommandTest, what_is_wrong_is_said) {
  EXPECT_THAT(error_of("dial sip:bob@example.com"), HasSubstr("there is no such command"));
  EXPECT_THAT(error_of("call"), HasSubstr("something is missing"));
  EXPECT_THAT(error_of("dtmf 12x"), HasSubstr("digits are"));
  EXPECT_THAT(error_of("reject 200"), HasSubstr("a code is 300 to 699"));
  EXPECT_THAT(error_of("hold now"), HasSubstr("the number of a call"));
  EXPECT_THAT(error_of("hold 0"), HasSubstr("the number of a call"));
  EXPECT_THAT(error_of("quit now"), HasSubstr("there is too much"));
  EXPECT_THAT(error_of("pause -1"), HasSubstr("seconds are"));
}

}  // namespace
}  // namespace sipring::app::test
