// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/identifiers.h>

#include <sipring/core/message/header/values.h>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sipring {
namespace {

constexpr Entropy entropy{{1, 2, 3, 4}};

TEST(Drawn, identifiers_differ_and_the_same_seed_draws_them_again) {
  Identifiers one(entropy), two(entropy), other(Entropy{{1, 2, 3, 5}});
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    for (const HexText& token : {one.branch(), one.tag(), one.call_id()})
      EXPECT_TRUE(seen.emplace(token.view()).second);
    EXPECT_EQ(seen.count(std::string(two.branch().view())), 1U);
    EXPECT_EQ(seen.count(std::string(two.tag().view())), 1U);
    EXPECT_EQ(seen.count(std::string(two.call_id().view())), 1U);
    EXPECT_EQ(seen.count(std::string(other.tag().view())), 0U);
  }
}

TEST(Drawn, identifiers_have_the_form_that_the_RFC_asks_for) {
  Identifiers identifiers(entropy, ShardMark{.server = 0xabcdef, .shard = 7});
  EXPECT_TRUE(identifiers.branch().view().starts_with("z9hG4bKabcdef07"));
  EXPECT_TRUE(identifiers.tag().view().starts_with("abcdef07"));
  EXPECT_EQ(identifiers.tag().view().size(), 24U);
  EXPECT_TRUE(parse_call_id(identifiers.call_id().view()));
  for (int i = 0; i < 1'000; ++i) {
    const std::uint32_t number = identifiers.first_cseq();
    EXPECT_TRUE(number >= 1 && number <= 65'536);
  }
}

TEST(Drawn, Call_IDs_are_drawn_until_one_is_accepted) {
  Identifiers identifiers(entropy);
  int asked = 0;
  const HexText call_id = identifiers.call_id([&](std::string_view text) {
    ++asked;
    return text.ends_with("0");
  });
  EXPECT_TRUE(call_id.view().ends_with("0"));
  EXPECT_GT(asked, 1);
}

}  // namespace
}  // namespace sipring
