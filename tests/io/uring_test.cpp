// SPDX-License-Identifier: MIT
#include <sipring/io/detail/uring.h>

#include <sipring/io/clock.h>
#include <sipring/io/detail/token.h>

#include <gtest/gtest.h>

namespace sipring {
namespace {

using namespace std::chrono_literals;

TEST(Uring, uses_no_feature_that_is_masked) {
  const auto uring = Uring::open(8, 64, {false, false, false, false});
  ASSERT_TRUE(uring.has_value()) << uring.error().text;
  EXPECT_EQ(uring->features(), (UringFeatures{false, false, false, false}));
}

TEST(Uring, wakes_up_when_the_time_is_over_and_not_before) {
  for (const bool minimum_wait : {false, true}) {
    auto uring = Uring::open(8, 64, {.minimum_wait = minimum_wait});
    ASSERT_TRUE(uring.has_value()) << uring.error().text;
    const Instant start = read_clock();
    uring->wait({.at_most = 5ms, .completions = 32, .minimum = 1ms});
    EXPECT_GE(read_clock() - start, 5ms);
    EXPECT_FALSE(uring->has_completions());
    EXPECT_EQ(uring->system_calls(), 1U);
  }
}

TEST(Uring, does_not_sleep_for_a_deadline_that_has_passed) {
  auto uring = Uring::open(8, 64, {});
  ASSERT_TRUE(uring.has_value()) << uring.error().text;
  uring->wait({.at_most = -1ms});
  uring->wait({.at_most = 0ms});
  uring->wait({.completions = 0});
  EXPECT_FALSE(uring->has_completions());
}

TEST(Uring, takes_more_submissions_than_its_queue_holds) {
  auto uring = Uring::open(8, 256, {});
  ASSERT_TRUE(uring.has_value()) << uring.error().text;
  for (std::uint32_t i = 0; i < 100; ++i) {
    io_uring_sqe& submission = uring->submission();
    io_uring_prep_nop(&submission);
    io_uring_sqe_set_data64(&submission, CompletionToken::of(RingOp::cancel, i, 7).pack());
  }
  std::uint32_t seen = 0;
  for (int i = 0; i < 100 && seen < 100; ++i) {
    uring->wait({.at_most = 1s});
    (void)uring->complete(3, [&](const io_uring_cqe& completion) {
      EXPECT_EQ(CompletionToken::unpack(completion.user_data),
                CompletionToken::of(RingOp::cancel, seen, 7));
      ++seen;
    });
  }
  EXPECT_EQ(seen, 100U);
}

}  // namespace
}  // namespace sipring
