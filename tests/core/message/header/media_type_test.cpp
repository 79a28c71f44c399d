// Media types and ranges, and who matches whom.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/media_type.h>

#include <gtest/gtest.h>
#include <sipring/core/message/header/event.h>
#include <sipring/core/message/header/params.h>

namespace sipring {
namespace {

TEST(MediaType, is_compared_without_case) {
  const auto type = parse_content_type("Application / SDP;charset=utf-8");
  ASSERT_TRUE(type);
  EXPECT_TRUE(type->is("application", "sdp"));
  EXPECT_FALSE(type->is("application", "sd"));
  EXPECT_EQ(parameter(type->parameters, "charset"), "utf-8");
}

TEST(MediaRange, covers_types) {
  EXPECT_TRUE(parse_accept("*/*")->covers("text", "plain"));
  EXPECT_TRUE(parse_accept("TEXT/*")->covers("text", "plain"));
  EXPECT_FALSE(parse_accept("text/*")->covers("application", "sdp"));
  EXPECT_TRUE(parse_accept("text/Plain")->covers("text", "plain"));
  EXPECT_FALSE(parse_accept("text/plain")->covers("text", "html"));
}

TEST(Qvalue, is_in_thousandths) {
  EXPECT_EQ(parse_qvalue("0.005"), 5);
  EXPECT_EQ(parse_qvalue("0.05"), 50);
  EXPECT_EQ(parse_qvalue("1"), 1000);
  EXPECT_EQ(parse_qvalue("0"), 0);
  for (const auto* text : {"", ".5", "00", "1.1", "0.0000", "-0", "0,5", "1 "})
    EXPECT_EQ(parse_qvalue(text), std::nullopt) << text;
}

TEST(Event, belongs_to_a_subscription_by_type_and_id) {
  const auto event = [](std::string_view value) { return *parse_event(value); };
  EXPECT_TRUE(same_subscription(event("foo; id=1234"), event("foo; param=abcd; id=1234")));
  EXPECT_FALSE(same_subscription(event("foo; id=1234"), event("foo")));
  EXPECT_FALSE(same_subscription(event("foo; id=1234"), event("Foo; id=1234")));
  EXPECT_FALSE(same_subscription(event("foo.bar"), event("foo")));
}

}  // namespace
}  // namespace sipring
