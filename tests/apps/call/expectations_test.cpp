// SPDX-License-Identifier: MIT
#include <call/expectations.h>

#include <gtest/gtest.h>

namespace sipring::app::test {
namespace {

TEST(ExpectationsTest, are_met_in_their_order_whatever_comes_between) {
  Expectations expectations({"established", "ended"});
  EXPECT_FALSE(expectations.take({"ended", 1, {{"status", 0}}}));
  EXPECT_FALSE(expectations.take({"established", 2, {}}));
  EXPECT_EQ(expectations.next(), "ended");
  EXPECT_FALSE(expectations.take({"dtmf", 2, {}}));
  EXPECT_TRUE(expectations.take({"ended", 2, {}}));
  EXPECT_TRUE(expectations.are_met());
  EXPECT_FALSE(expectations.take({"ended", 3, {}}));
}

TEST(ExpectationsTest, a_status_belongs_to_its_event) {
  EXPECT_TRUE(is_meant("ended=486", {"ended", 1, {{"status", 486}}}));
  EXPECT_FALSE(is_meant("ended=486", {"ended", 1, {{"status", 48}}}));
  EXPECT_FALSE(is_meant("ended=486", {"ended", 1, {}}));
  EXPECT_FALSE(is_meant("ended", {"end", 1, {}}));
}

TEST(ExpectationsTest, none_are_met_from_the_beginning) {
  EXPECT_TRUE(Expectations().are_met());
  EXPECT_EQ(Expectations().next(), "");
}

TEST(EventTest, is_a_line_of_json_whatever_octets_the_far_side_sends) {
  EXPECT_EQ(json_of({"ringing", 1, {{"status", 180}}}),
            R"({"event":"ringing","call":1,"status":180})");
  EXPECT_EQ(json_of({"started", 0, {}}), R"({"event":"started"})");
  EXPECT_EQ(json_of({"message", 2, {{"text", "a\n\xff"}}}),
            "{\"event\":\"message\",\"call\":2,\"text\":\"a\\n\xef\xbf\xbd\"}");
}

}  // namespace
}  // namespace sipring::app::test
