// SPDX-License-Identifier: MIT
#include <sipring/pools/random.h>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <set>

namespace sipring {
namespace {

// The first numbers of the seed 1234567, as the authors' own code gives them.
TEST(SplitMix64, gives_the_numbers_of_its_authors) {
  SplitMix64 random(1234567);
  constexpr std::array<std::uint64_t, 5> expected{6457827717110365317, 3203168211198807973,
                                                  9817491932198370423U, 4593380528125082431,
                                                  16408922859458223821U};
  for (const std::uint64_t number : expected) EXPECT_EQ(random.next(), number);
}

TEST(SplitMix64, is_a_function_of_its_seed) {
  SplitMix64 one(7), same(7), other(8);
  const std::uint64_t first = one.next();
  EXPECT_EQ(same.next(), first);
  EXPECT_NE(other.next(), first);
}

TEST(SplitMix64, draws_every_number_up_to_the_largest_and_none_above) {
  SplitMix64 random(1);
  std::set<std::uint64_t> drawn;
  for (int i = 0; i < 200; ++i) drawn.insert(random.up_to(5));
  EXPECT_EQ(drawn, (std::set<std::uint64_t>{0, 1, 2, 3, 4, 5}));
}

}  // namespace
}  // namespace sipring
