// SPDX-License-Identifier: MIT
#include <sipring/pools/buffer.h>

#include "tests/pools/guarded_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>
#include <vector>

namespace sipring {
namespace {

using test::GuardedMemory;

// A size that each class serves, found by what the pool says of itself.
std::vector<std::size_t> largest_size_of_each_class() {
  std::vector<std::size_t> sizes;
  for (std::size_t size = 0; size < BufferPool::max_size; ++size) {
    if (BufferPool::footprint(size) != BufferPool::footprint(size + 1)) sizes.push_back(size);
  }
  sizes.push_back(BufferPool::max_size);
  return sizes;
}

std::vector<Ref<Buffer>> acquire_all(BufferPool& pool, std::size_t size) {
  std::vector<Ref<Buffer>> buffers;
  while (Ref<Buffer> buffer = pool.acquire(size)) buffers.push_back(std::move(buffer));
  return buffers;
}

TEST(Buffers, every_class_gives_room_and_little_more) {
  GuardedMemory memory;
  BufferPool pool(1, memory);
  std::size_t smaller = 0;
  for (const std::size_t size : largest_size_of_each_class()) {
    const Ref<Buffer> buffer = pool.acquire(size);
    ASSERT_TRUE(buffer);
    EXPECT_EQ(buffer->size(), 0U);
    EXPECT_EQ(buffer->capacity(), size);
    EXPECT_EQ(pool.acquire(smaller)->capacity(), size) << "the smallest of the class";
    smaller = size + 1;
  }
}

TEST(Buffers, that_come_next_are_told_of_until_all_chunks_have_been_used_once) {
  GuardedMemory memory;
  BufferPool pool(8 * BufferPool::chunk_bytes, memory);
  const auto told = [&] {
    std::size_t bytes = 0;
    for (auto piece = pool.coming_memory(); !piece.empty(); piece = pool.coming_memory()) {
      bytes += piece.size();
    }
    return bytes;
  };
  EXPECT_EQ(told(), 4 * BufferPool::chunk_bytes);
  Ref<Buffer> buffer = pool.acquire(1);
  EXPECT_EQ(told(), BufferPool::chunk_bytes);
  buffer.reset();
  buffer = pool.acquire(5'000);
  EXPECT_EQ(told(), 0u) << "a chunk that has come back is taken first";
  buffer.reset();
  EXPECT_FALSE(acquire_all(pool, 1).empty());
  EXPECT_EQ(told(), 0u);
}

TEST(Buffers, a_datagram_of_65535_octets_with_header_fields_added_fits_and_more_is_refused) {
  BufferPool pool(1, *std::pmr::new_delete_resource());
  EXPECT_TRUE(pool.acquire(65'535 + 512));
  EXPECT_TRUE(pool.acquire(BufferPool::max_size));
  EXPECT_FALSE(pool.acquire(BufferPool::max_size + 1));
  EXPECT_FALSE(pool.acquire(SIZE_MAX));
}

TEST(Buffers, buffers_do_not_overlap) {
  GuardedMemory memory;
  for (const std::size_t size : largest_size_of_each_class()) {
    BufferPool pool(1, memory);
    const std::vector<Ref<Buffer>> buffers = acquire_all(pool, size);
    EXPECT_EQ(buffers.size(), (BufferPool::chunk_bytes - 128) / (size + sizeof(Buffer)));
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      buffers[i]->resize(buffers[i]->capacity());
      std::memset(buffers[i]->data(), static_cast<int>(i), buffers[i]->size());
    }
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      const std::string_view octets = buffers[i]->view();
      EXPECT_TRUE(std::ranges::all_of(octets, [&](char c) { return c == static_cast<char>(i); }));
    }
  }
}

TEST(Buffers, padding_follows_the_last_buffer_of_a_pool) {
  GuardedMemory memory;
  for (const std::size_t size : largest_size_of_each_class()) {
    BufferPool pool(1, memory);
    unsigned sum = 0;
    const std::vector<Ref<Buffer>> buffers = acquire_all(pool, size);
    const auto last = std::ranges::max_element(buffers, {}, &Ref<Buffer>::get);
    const volatile char* const end = (*last)->data() + (*last)->capacity();
    for (std::size_t i = 0; i < Buffer::padding; ++i) sum += static_cast<unsigned char>(end[i]);
    EXPECT_EQ(sum, 0U) << "untouched memory of the kernel's, and no crash";
  }
}

TEST(Buffers, are_made_as_copies_of_a_text) {
  GuardedMemory memory;
  BufferPool pool(1 << 20, memory);
  for (const std::string_view text : {"", "a", "INVITE sip:bob@example.com SIP/2.0"}) {
    const Ref<Buffer> buffer = pool.copy(text);
    ASSERT_TRUE(buffer);
    EXPECT_EQ(buffer->view(), text);
  }
  pool.fail_nth_acquire(1);
  EXPECT_FALSE(pool.copy("a"));
}

TEST(Buffers, an_exhausted_pool_gives_null_until_a_buffer_comes_back) {
  BufferPool pool(1, *std::pmr::new_delete_resource());
  std::vector<Ref<Buffer>> buffers = acquire_all(pool, 700);
  EXPECT_EQ(pool.size(), buffers.size());
  EXPECT_EQ(pool.bytes_in_use(), pool.bytes());
  EXPECT_FALSE(pool.acquire(0)) << "the only chunk has another size";
  buffers.pop_back();
  EXPECT_TRUE(pool.acquire(700));
}

TEST(Buffers, a_footprint_is_enough_for_its_buffers) {
  for (const std::size_t size : largest_size_of_each_class()) {
    BufferPool pool(1'000 * BufferPool::footprint(size), *std::pmr::new_delete_resource());
    EXPECT_GE(acquire_all(pool, size).size(), 1'000U);
  }
}

TEST(Buffers, a_chunk_without_buffers_takes_another_size) {
  BufferPool pool(2 * BufferPool::chunk_bytes, *std::pmr::new_delete_resource());
  for (int round = 0; round < 3; ++round) {
    for (const std::size_t size : largest_size_of_each_class()) {
      const std::vector<Ref<Buffer>> buffers = acquire_all(pool, size);
      EXPECT_EQ(buffers.size(), (BufferPool::chunk_bytes - 128) / (size + sizeof(Buffer)) * 2);
    }
    EXPECT_EQ(pool.bytes_in_use(), 0U);
  }
  EXPECT_EQ(pool.highest_bytes_in_use(), pool.bytes());
}

TEST(Buffers, the_last_reference_gives_a_buffer_back) {
  BufferPool pool(1, *std::pmr::new_delete_resource());
  Ref<Buffer> kept = pool.acquire(10);
  {
    const Ref<Buffer> shared = kept;
    EXPECT_EQ(shared.get(), kept.get());
    kept.reset();
    EXPECT_EQ(pool.size(), 1U);
    kept = shared;
  }
  EXPECT_EQ(pool.size(), 1U);
  Ref<Buffer>& same = kept;
  kept = same;
  kept = std::move(same);
  EXPECT_EQ(pool.size(), 1U);
  kept = pool.acquire(10);
  EXPECT_EQ(pool.size(), 1U);
  const Ref<Buffer> moved = std::move(kept);
  EXPECT_EQ(pool.size(), 1U);
  EXPECT_TRUE(moved);
}

TEST(Buffers, the_nth_acquire_fails_once) {
  for (std::uint64_t nth = 1; nth <= 4; ++nth) {
    BufferPool pool(1, *std::pmr::new_delete_resource());
    pool.fail_nth_acquire(nth);
    for (std::uint64_t i = 1; i <= 4; ++i) EXPECT_EQ(static_cast<bool>(pool.acquire(9)), i != nth);
    EXPECT_EQ(pool.size(), 0U);
  }
}

TEST(Buffers, random_use_keeps_every_octet) {
  GuardedMemory memory;
  BufferPool pool(3 * BufferPool::chunk_bytes, memory);
  std::vector<std::pair<Ref<Buffer>, char>> held;
  std::mt19937 random(11);
  for (int i = 0; i < 5'000; ++i) {
    if (random() % 100 < 55) {
      const std::size_t size = random() % (random() % 10 == 0 ? BufferPool::max_size : 1'500U);
      const auto fill = static_cast<char>(random());
      if (Ref<Buffer> buffer = pool.acquire(size)) {
        buffer->resize(static_cast<std::uint32_t>(size));
        std::memset(buffer->data(), fill, size);
        held.emplace_back(std::move(buffer), fill);
      }
    } else if (!held.empty()) {
      std::swap(held[random() % held.size()], held.back());
      const auto& [buffer, fill] = held.back();
      ASSERT_TRUE(std::ranges::all_of(buffer->view(), [&](char c) { return c == fill; }));
      held.pop_back();
    }
    ASSERT_EQ(pool.size(), held.size());
  }
  held.clear();
  EXPECT_EQ(pool.bytes_in_use(), 0U);
}

TEST(Buffers, a_pool_that_dies_before_its_buffers_is_our_mistake) {
  EXPECT_DEATH(
      {
        Ref<Buffer> kept;
        BufferPool pool(1, *std::pmr::new_delete_resource());
        kept = pool.acquire(1);
      },
      "size_ == 0");
}

}  // namespace
}  // namespace sipring
