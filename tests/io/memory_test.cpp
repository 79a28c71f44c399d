// SPDX-License-Identifier: MIT
#include <sipring/io/detail/memory.h>

#include <sipring/pools/detail/pages.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "tests/support/resident_memory.h"

namespace sipring {
namespace {

constexpr std::size_t page = small_page;

class Bring : public testing::Test {
 protected:
  ~Bring() override { memory.deallocate(start, size, page); }
  std::span<std::byte> piece(std::size_t from, std::size_t bytes) { return {start + from, bytes}; }

  test::ResidentMemory memory;
  static constexpr std::size_t size = 8 * page;
  std::byte* const start = static_cast<std::byte*>(memory.allocate(size, page));
};

TEST_F(Bring, has_every_page_that_begins_in_the_piece) {
  bring(piece(0, 3 * page));
  EXPECT_EQ(memory.resident_pages(), 3u);
  bring(piece(3 * page + 1, 2 * page));
  EXPECT_EQ(memory.resident_pages(), 5u) << "the fourth is in use by who has its beginning";
}

TEST_F(Bring, of_less_than_a_page_is_nothing_unless_one_begins_there) {
  bring(piece(1, page - 1));
  bring(piece(page, 0));
  EXPECT_EQ(memory.resident_pages(), 0u);
  bring(piece(page - 1, 2));
  EXPECT_EQ(memory.resident_pages(), 1u);
}

TEST_F(Bring, leaves_what_is_there_as_it_is) {
  std::memset(start, 'x', size);
  bring(piece(0, size));
  EXPECT_TRUE(
      std::all_of(start, start + size, [](std::byte octet) { return octet == std::byte{'x'}; }));
}

TEST(ShardMemory, gives_slabs_pages_of_their_own_and_counts_what_is_in_use) {
  ShardMemory memory;
  void* const small = memory.allocate(100, 64);
  void* const slab = memory.allocate(huge_page + 1, 64);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(slab) % huge_page, 0u);
  EXPECT_EQ(memory.bytes_in_use(), 100 + huge_page + 1);
  memory.deallocate(slab, huge_page + 1, 64);
  memory.deallocate(small, 100, 64);
  EXPECT_EQ(memory.bytes_in_use(), 0u);
}

}  // namespace
}  // namespace sipring
