// SPDX-License-Identifier: MIT
#include <sipring/core/auth/detail/nonce.h>

#include <gtest/gtest.h>

#include <string>

namespace sipring::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class NonceTest : public ::testing::Test {
 protected:
  const Instant start = Instant{} + hours(100);
  std::pmr::memory_resource& memory = *std::pmr::new_delete_resource();
  Nonces nonces{{.lifetime = minutes(5), .windows = 4}, Entropy{{1, 2, 3, 4}}, memory};
};

TEST_F(NonceTest, is_known_again_for_its_lifetime) {
  const Nonce nonce = nonces.make(start), other = nonces.make(start);
  EXPECT_NE(nonce.view(), other.view());
  EXPECT_EQ(nonces.number_of(nonce.view(), start), 1u);
  EXPECT_EQ(nonces.number_of(other.view(), start + minutes(5)), 2u);
  EXPECT_FALSE(nonces.number_of(nonce.view(), start + minutes(5) + seconds(1)));
  EXPECT_FALSE(nonces.number_of(nonce.view(), start - seconds(1)));  // made in the future
}

TEST_F(NonceTest, that_was_changed_anywhere_is_not_ours) {
  const std::string nonce(nonces.make(start).view());
  for (std::size_t i = 0; i < nonce.size(); ++i) {
    for (const char octet : {'0', '1', 'f', 'g', '\0'}) {
      std::string other = nonce;
      other[i] = octet;
      EXPECT_EQ(nonces.number_of(other, start).has_value(), other == nonce);
    }
    EXPECT_FALSE(nonces.number_of(nonce.substr(0, i), start));
  }
  EXPECT_FALSE(nonces.number_of(nonce + "0", start));
}

TEST_F(NonceTest, of_another_server_is_not_ours) {
  Nonces others({.lifetime = minutes(5), .windows = 4}, Entropy{{1, 3, 3, 4}}, memory);
  EXPECT_FALSE(nonces.number_of(others.make(start).view(), start));
}

TEST_F(NonceTest, count_is_good_once_in_any_order_of_some) {
  EXPECT_FALSE(nonces.use(1, 0));
  for (const std::uint32_t count : {1u, 2u, 5u, 3u, 70u, 7u, 4'000'000'000u}) {
    EXPECT_FALSE(nonces.is_used(1, count)) << count;
    EXPECT_TRUE(nonces.use(1, count)) << count;
    EXPECT_TRUE(nonces.is_used(1, count)) << count;
    EXPECT_FALSE(nonces.use(1, count)) << count;
  }
  EXPECT_FALSE(nonces.use(1, 71));  // 64 behind and more: nobody knows
  EXPECT_TRUE(nonces.use(1, 4'000'000'000u - 63));
  EXPECT_FALSE(nonces.use(1, 4'000'000'000u - 64));
}

TEST_F(NonceTest, gives_its_window_to_a_newer_one_and_is_stale_then) {
  EXPECT_TRUE(nonces.use(1, 1));
  EXPECT_TRUE(nonces.use(2, 1));
  EXPECT_TRUE(nonces.use(5, 1));  // the window of 1
  EXPECT_FALSE(nonces.use(1, 2));
  EXPECT_FALSE(nonces.is_used(1, 1));
  EXPECT_TRUE(nonces.use(2, 2));
  EXPECT_TRUE(nonces.use(5, 2));
}

// Every count once, forwards, backwards and in jumps: a model that remembers all agrees.
TEST_F(NonceTest, counts_as_a_model_does) {
  std::uint64_t random = 1;
  std::vector<bool> used(1'000);
  std::uint32_t highest = 0;
  for (int i = 0; i < 20'000; ++i) {
    random = random * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
    const std::uint32_t around = std::min(highest + 8, 999u);
    const std::uint32_t back = static_cast<std::uint32_t>(random >> 33) % 100;
    const std::uint32_t count = around > back ? around - back : 1;
    const bool is_near = count + 64 > highest;
    const bool expected = is_near && !used[count];
    ASSERT_EQ(nonces.use(7, count), expected) << count << " " << highest;
    if (expected) used[count] = true;
    highest = std::max(highest, expected ? count : 0);
  }
}

}  // namespace
}  // namespace sipring::test
