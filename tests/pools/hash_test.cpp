// SPDX-License-Identifier: MIT
#include <sipring/pools/hash.h>

#include "tests/pools/guarded_memory.h"

#include <gtest/gtest.h>

#include <cctype>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sipring {
namespace {

// SipHash-c-d as its paper writes it, octet by octet. Checked below against the authors' vectors
// for 2-4.
class SlowSipHash {
 public:
  SlowSipHash(int c, int d, bool wide) : c_(c), d_(d), wide_(wide) {}

  Hash128 operator()(const HashSeed& seed, std::string_view text) {
    v_[0] = seed.k0 ^ 0x736f6d6570736575;
    v_[1] = seed.k1 ^ 0x646f72616e646f6d ^ (wide_ ? 0xee : 0);
    v_[2] = seed.k0 ^ 0x6c7967656e657261;
    v_[3] = seed.k1 ^ 0x7465646279746573;
    std::string padded(text);
    while (padded.size() % 8 != 7) padded += '\0';
    padded += static_cast<char>(text.size());
    for (std::size_t i = 0; i < padded.size(); i += 8) compress(word_at(padded, i));
    Hash128 result;
    result.low = finalize(2, wide_ ? 0xee : 0xff);
    if (wide_) result.high = finalize(1, 0xdd);
    return result;
  }

 private:
  static std::uint64_t word_at(const std::string& text, std::size_t at) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      word |= std::uint64_t{static_cast<unsigned char>(text[at + i])} << (8 * i);
    }
    return word;
  }
  void compress(std::uint64_t word) {
    v_[3] ^= word;
    rounds(c_);
    v_[0] ^= word;
  }
  std::uint64_t finalize(int which, std::uint64_t constant) {
    v_[which] ^= constant;
    rounds(d_);
    return v_[0] ^ v_[1] ^ v_[2] ^ v_[3];
  }
  static std::uint64_t left(std::uint64_t x, int bits) { return x << bits | x >> (64 - bits); }
  void rounds(int count) {
    for (int i = 0; i < count; ++i) {
      half(0, 1, 13, true), half(2, 3, 16, false);
      half(2, 1, 17, true), half(0, 3, 21, false);
    }
  }
  void half(int a, int b, int bits, bool swaps) {
    v_[a] += v_[b];
    v_[b] = left(v_[b], bits) ^ v_[a];
    if (swaps) v_[a] = left(v_[a], 32);
  }

  int c_, d_;
  bool wide_;
  std::uint64_t v_[4] = {};
};

constexpr HashSeed vector_seed{0x0706050403020100, 0x0f0e0d0c0b0a0908};

std::string counting(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(i);
  return text;
}

Hash128 hash(std::string_view text) {
  Hasher hasher(vector_seed);
  hasher.add(text);
  return hasher.finish();
}

Hash128 hash_parts(const std::vector<std::string>& parts) {
  Hasher hasher(vector_seed);
  for (const std::string& part : parts) hasher.add(part);
  return hasher.finish();
}

TEST(Hash, the_reference_gives_the_published_vectors_of_siphash_2_4) {
  SlowSipHash narrow(2, 4, false);
  EXPECT_EQ(narrow(vector_seed, "").low, 0x726fdb47dd0e0e31U);
  EXPECT_EQ(narrow(vector_seed, counting(1)).low, 0x74f839c593dc67fdU);
  EXPECT_EQ(narrow(vector_seed, counting(15)).low, 0xa129ca6149be45e5U);
  SlowSipHash wide(2, 4, true);
  EXPECT_EQ(wide(vector_seed, ""), (Hash128{0xe6a825ba047f81a3, 0x930255c71472f66d}));
  EXPECT_EQ(wide(vector_seed, counting(1)), (Hash128{0x44af996bd8c187da, 0x45fc229b11597634}));
}

TEST(Hash, the_low_half_alone_is_that_of_the_whole) {
  Hasher hasher(vector_seed);
  hasher.add(counting(20));
  EXPECT_EQ(hasher.finish_low(), hash(counting(20)).low);
}

TEST(Hash, one_part_is_siphash_1_3_128) {
  SlowSipHash reference(1, 3, true);
  std::mt19937_64 random(1);
  for (std::size_t size = 0; size < 128; ++size) {
    std::string text = counting(size);
    for (char& c : text) c = static_cast<char>(random());
    EXPECT_EQ(hash(text), reference(vector_seed, text)) << size;
  }
}

TEST(Hash, reads_nothing_outside_the_text) {
  test::GuardedMemory memory;
  for (std::size_t size = 1; size < 200; ++size) {
    auto* const text = static_cast<char*>(memory.allocate(size, 1));
    std::fill_n(text, size, 'x');
    EXPECT_EQ(hash(std::string_view(text, size)), hash(std::string(size, 'x')));
    memory.deallocate(text, size, 1);
  }
}

TEST(Hash, lower_case_counts_for_letters_only) {
  for (std::size_t size = 0; size < 300; size += size < 40 ? 1 : 37) {
    std::string text;
    std::string lowered;
    for (std::size_t i = 0; i < size; ++i) {
      const auto octet = static_cast<unsigned char>(i * 7 + size);
      text += static_cast<char>(octet);
      lowered += static_cast<char>(octet >= 'A' && octet <= 'Z' ? octet + 32 : octet);
    }
    Hasher hasher(vector_seed);
    hasher.add_lower(text);
    EXPECT_EQ(hasher.finish(), hash(lowered)) << size;
  }
}

TEST(Hash, no_two_lists_of_parts_feed_the_same) {
  EXPECT_NE(hash_parts({"ab", "c"}), hash_parts({"a", "bc"}));
  EXPECT_NE(hash_parts({"", "abc"}), hash_parts({"abc", ""}));
  EXPECT_NE(hash_parts({"abc"}), hash_parts({"abc", ""}));
  // What a length modulo 256 alone would confuse: the end of a part of 71 ('G') octets inside one
  // of 327.
  const std::string head(71, 'a');
  const std::string middle(255, 'b');
  const std::string rest(8, 'c');
  EXPECT_NE(hash_parts({head, middle + 'G' + rest}), hash_parts({head + 'G' + middle, rest}));
}

TEST(Hash, a_seed_or_a_bit_changes_everything) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
  const std::string text = counting(60);
  for (std::size_t bit = 0; bit < 480; ++bit) {
    std::string changed = text;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    seen.emplace(hash(changed).low, hash(changed).high);
  }
  for (int bit = 0; bit < 64; ++bit) {
    for (const HashSeed& seed :
         {HashSeed{std::uint64_t{1} << bit, 0}, HashSeed{0, std::uint64_t{1} << bit}}) {
      Hasher hasher(seed);
      hasher.add(text);
      const Hash128 result = hasher.finish();
      seen.emplace(result.low, result.high);
    }
  }
  EXPECT_EQ(seen.size(), 480U + 128U);
}

}  // namespace
}  // namespace sipring
