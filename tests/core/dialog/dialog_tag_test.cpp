// SPDX-License-Identifier: MIT
#include <sipring/core/dialog/dialog_tag.h>

#include <gtest/gtest.h>

#include <string>

namespace sipring::test {
namespace {

TEST(DialogTags, know_their_own_for_the_same_dialog_only) {
  const DialogTags tags(Entropy{{1, 2, 3, 4}});
  const DialogTag tag = tags.make({"call", "alice", ""}, 7);
  EXPECT_TRUE(tags.recognize({"call", "alice", tag.view()}));
  EXPECT_FALSE(tags.recognize({"call2", "alice", tag.view()}));
  EXPECT_FALSE(tags.recognize({"call", "bob", tag.view()}));
  EXPECT_FALSE(tags.recognize({"callalice", "", tag.view()}));
  EXPECT_FALSE(DialogTags(Entropy{{9, 2, 3, 4}}).recognize({"call", "alice", tag.view()}));
}

TEST(DialogTags, refuse_a_tag_with_any_digit_changed_or_missing) {
  const DialogTags tags(Entropy{{1, 2, 3, 4}});
  const std::string tag(tags.make({"call", "alice", ""}, 7).view());
  for (std::size_t i = 0; i < tag.size(); ++i) {
    std::string forged = tag;
    forged[i] = forged[i] == '7' ? '8' : '7';
    EXPECT_FALSE(tags.recognize({"call", "alice", forged})) << i;
  }
  EXPECT_FALSE(tags.recognize({"call", "alice", tag.substr(1)}));
  EXPECT_FALSE(tags.recognize({"call", "alice", tag + "0"}));
  EXPECT_FALSE(tags.recognize({"call", "alice", ""}));
}

TEST(DialogTags, are_recognized_with_their_key_and_as_they_were_written) {
  const DialogTags tags(Entropy{{1, 2, 3, 4}});
  const DialogTag made = tags.make({"call", "alice", ""}, 7),
                  other = tags.make({"call", "bob", ""}, 7);
  const std::optional<DialogTag> known = tags.recognize({"call", "alice", made.view()});
  ASSERT_TRUE(known);
  EXPECT_EQ(known->view(), made.view());
  EXPECT_EQ(known->key, made.key);
  EXPECT_EQ(known->key.high, 7u);
  EXPECT_NE(known->key, other.key);
}

TEST(DialogTags, of_one_shard_are_known_by_another_and_name_the_one_that_made_them) {
  const DialogTags maker(Entropy{{1, 2, 3, 4}}, {.server = 0xabcdef, .shard = 3});
  const DialogTags other(Entropy{{1, 2, 30, 40}}, {.server = 0xabcdef, .shard = 4});
  const DialogTag tag = maker.make({"call", "alice", ""}, 7);
  EXPECT_TRUE(other.recognize({"call", "alice", tag.view()}));
  EXPECT_EQ(marked_shard(tag.view(), 0xabcdef), 3);
}

}  // namespace
}  // namespace sipring::test
