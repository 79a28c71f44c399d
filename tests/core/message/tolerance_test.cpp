// SPDX-License-Identifier: MIT
#include <sipring/core/message/tolerance.h>

#include <gtest/gtest.h>

namespace sipring {
namespace {

struct View {
  Forgiven forgiven;
};

TEST(Forgiven, knows_every_kind_and_the_first_place) {
  Forgiven forgiven;
  EXPECT_TRUE(forgiven.empty());
  forgiven.add(Forgiveness::underscore_in_host, 9);
  forgiven.add(Forgiveness::bare_line_feed, 4);
  forgiven.add(Forgiveness::underscore_in_host, 20);
  EXPECT_TRUE(forgiven.has(Forgiveness::underscore_in_host));
  EXPECT_TRUE(forgiven.has(Forgiveness::bare_line_feed));
  EXPECT_EQ(forgiven.first(), Forgiveness::bare_line_feed);
  EXPECT_EQ(forgiven.first_offset(), 4u);
}

TEST(Forgiven, takes_what_a_part_forgave) {
  Forgiven part;
  part.add(Forgiveness::underscore_in_host, 2);
  Forgiven whole;
  whole.add(Forgiven{}, 1);
  EXPECT_TRUE(whole.empty());
  whole.add(part, 10);
  EXPECT_TRUE(whole.has(Forgiveness::underscore_in_host));
  EXPECT_EQ(whole.first_offset(), 12u);
}

TEST(Strictly, turns_the_first_note_into_an_error) {
  Parsed<View> parsed = View{};
  EXPECT_TRUE(strictly(parsed));
  parsed->forgiven.add(Forgiveness::underscore_in_host, 7);
  const Parsed<View> strict = strictly(parsed);
  ASSERT_FALSE(strict);
  EXPECT_EQ(strict.error(), (ParseError{ParseErrorCode::host, 7}));
}

TEST(Forgiveness, each_kind_has_a_name_an_error_and_an_explanation) {
  for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(Forgiveness::count); ++i) {
    const auto kind = static_cast<Forgiveness>(i);
    EXPECT_FALSE(to_string(kind).empty()) << int{i};
    EXPECT_NE(error_code_of(kind), ParseErrorCode::none) << to_string(kind);
    EXPECT_FALSE(explanation(kind).empty()) << to_string(kind);
  }
}

}  // namespace
}  // namespace sipring
