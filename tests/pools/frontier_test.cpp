// SPDX-License-Identifier: MIT
#include <sipring/pools/detail/frontier.h>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace sipring {
namespace {

constexpr std::size_t step = Frontier::step;

class Frontiers : public testing::Test {
 protected:
  // Where the piece begins and how long it is, in steps; {0, 0}: none.
  std::pair<double, double> next(std::size_t used, std::size_t ahead) {
    const std::span<std::byte> piece = frontier.next(memory, used, ahead);
    if (piece.empty()) return {};
    return {static_cast<double>(piece.data() - memory.data()) / step,
            static_cast<double>(piece.size()) / step};
  }
  using Piece = std::pair<double, double>;

  std::vector<std::byte> memory{5 * step / 2};
  Frontier frontier;
};

TEST_F(Frontiers, bring_a_piece_at_a_time_until_enough_is_ahead) {
  EXPECT_EQ(next(0, step + 1), (Piece{0, 1}));
  EXPECT_EQ(next(0, step + 1), (Piece{1, 1}));
  EXPECT_EQ(next(0, step + 1), Piece{});
}

TEST_F(Frontiers, go_on_when_what_is_ahead_is_less_than_that) {
  (void)next(0, step);
  EXPECT_EQ(next(0, step), Piece{});
  EXPECT_EQ(next(1, step), (Piece{1, 1}));
}

TEST_F(Frontiers, leave_out_what_has_been_used_meanwhile) {
  (void)next(0, step);
  EXPECT_EQ(next(step * 3 / 2, step), (Piece{1.5, 1}));
}

TEST_F(Frontiers, end_where_the_memory_ends) {
  EXPECT_EQ(next(2 * step, 9 * step), (Piece{2, 0.5}));
  EXPECT_EQ(next(2 * step, 9 * step), Piece{});
  EXPECT_EQ(next(memory.size(), 9 * step), Piece{});
}

TEST_F(Frontiers, tell_nothing_twice_when_less_is_used_again) {
  (void)next(2 * step, step);
  EXPECT_EQ(next(0, step), Piece{});
}

struct Owner {
  std::span<std::byte> coming;
  int asked = 0;
  std::span<std::byte> coming_memory() {
    ++asked;
    return std::exchange(coming, {});
  }
};

TEST(FirstComing, is_of_the_first_owner_that_has_something_and_the_others_keep_theirs) {
  std::array<std::byte, 2> memory{};
  Owner nothing{};
  Owner first{std::span(memory).first(1)};
  Owner second{std::span(memory).last(1)};
  EXPECT_EQ(first_coming(nothing, first, second).data(), &memory[0]);
  EXPECT_EQ(second.asked, 0);
  EXPECT_EQ(first_coming(nothing, first, second).data(), &memory[1]);
  EXPECT_TRUE(first_coming(nothing, first, second).empty());
}

}  // namespace
}  // namespace sipring
