// SPDX-License-Identifier: MIT
#include <answer/dialog_tag.h>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sipring::app::test {
namespace {

TEST(DialogTags, know_their_own_for_the_same_dialog_only) {
  DialogTags tags(Entropy{{1, 2, 3, 4}});
  const DialogTag tag = tags.make({"call", "alice", ""});
  EXPECT_TRUE(tags.is_ours({"call", "alice", tag.view()}));
  EXPECT_FALSE(tags.is_ours({"call2", "alice", tag.view()}));
  EXPECT_FALSE(tags.is_ours({"call", "bob", tag.view()}));
  EXPECT_FALSE(tags.is_ours({"callalice", "", tag.view()}));
  EXPECT_FALSE(DialogTags(Entropy{{9, 2, 3, 4}}).is_ours({"call", "alice", tag.view()}));
}

TEST(DialogTags, refuse_a_tag_with_any_digit_changed_or_missing) {
  DialogTags tags(Entropy{{1, 2, 3, 4}});
  const std::string tag(tags.make({"call", "alice", ""}).view());
  for (std::size_t i = 0; i < tag.size(); ++i) {
    std::string forged = tag;
    forged[i] = forged[i] == '7' ? '8' : '7';
    EXPECT_FALSE(tags.is_ours({"call", "alice", forged})) << i;
  }
  EXPECT_FALSE(tags.is_ours({"call", "alice", tag.substr(1)}));
  EXPECT_FALSE(tags.is_ours({"call", "alice", tag + "0"}));
  EXPECT_FALSE(tags.is_ours({"call", "alice", ""}));
}

TEST(DialogTags, never_come_twice_in_one_dialog) {
  DialogTags tags(Entropy{{1, 2, 3, 4}});
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.emplace(tags.make({"call", "alice", ""}).view());
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(DialogTags, of_one_shard_are_known_by_another_and_name_the_one_that_made_them) {
  DialogTags maker(Entropy{{1, 2, 3, 4}}, {.server = 0xabcdef, .shard = 3});
  const DialogTags other(Entropy{{1, 2, 30, 40}}, {.server = 0xabcdef, .shard = 4});
  const DialogTag tag = maker.make({"call", "alice", ""});
  EXPECT_TRUE(other.is_ours({"call", "alice", tag.view()}));
  EXPECT_EQ(marked_shard(tag.view(), 0xabcdef), 3);
}

}  // namespace
}  // namespace sipring::app::test
