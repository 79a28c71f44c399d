// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/shard_mark.h>

#include <sipring/core/transaction/detail/key.h>

#include <gtest/gtest.h>

namespace sipring {
namespace {

constexpr ShardMark mark{.server = 0x00a1b2, .shard = 0xfe};

TEST(ShardMark, is_read_from_every_branch_and_tag_that_we_make) {
  for (std::uint64_t i = 0; i < 100; ++i) {
    const HexText branch = make_branch({1, 2}, mark, i);
    const HexText tag = make_tag({{.low = i, .high = ~i}}, mark);
    EXPECT_TRUE(branch.view().starts_with(magic_cookie));
    EXPECT_EQ(branch.view().size(), 31U);
    EXPECT_EQ(marked_shard(branch.view().substr(magic_cookie.size()), mark.server), 0xfe);
    EXPECT_EQ(marked_shard(tag.view(), mark.server), 0xfe);
  }
}

TEST(ShardMark, is_read_in_either_case) {
  EXPECT_EQ(marked_shard("00A1B2Fe0123456789abcdef", mark.server), 0xfe);
}

TEST(ShardMark, of_another_server_or_cut_off_is_none) {
  EXPECT_EQ(marked_shard("00a1b3fe0123", mark.server), std::nullopt);
  EXPECT_EQ(marked_shard("00a1b2f", mark.server), std::nullopt);
  EXPECT_EQ(marked_shard("00a1b2f;", mark.server), std::nullopt);
  EXPECT_EQ(marked_shard("+0a1b2fe", mark.server), std::nullopt);
  EXPECT_EQ(marked_shard("", 0), std::nullopt);
}

}  // namespace
}  // namespace sipring
