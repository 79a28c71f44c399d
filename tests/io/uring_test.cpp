// SPDX-License-Identifier: MIT
#include <sipring/io/uring.h>

#include <sipring/io/clock.h>
#include <sipring/io/receive_ring.h>
#include <sipring/io/token.h>

#include "loopback.h"

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

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
    io_uring_sqe_set_data64(&submission, CompletionToken{Op::cancel, i, 7}.pack());
  }
  std::uint32_t seen = 0;
  for (int i = 0; i < 100 && seen < 100; ++i) {
    uring->wait({.at_most = 1s});
    (void)uring->complete(3, [&](const io_uring_cqe& completion) {
      EXPECT_EQ(CompletionToken::unpack(completion.user_data),
                (CompletionToken{Op::cancel, seen, 7}));
      ++seen;
    });
  }
  EXPECT_EQ(seen, 100U);
}

// Four buffers, twenty datagrams: the kernel runs out (ENOBUFS) and the socket keeps what did not
// fit.
TEST(ReceiveRing, loses_nothing_when_the_kernel_has_used_up_all_buffers) {
  auto uring = Uring::open(8, 64, {});
  ASSERT_TRUE(uring.has_value()) << uring.error().text;
  if (!uring->features().multishot_receive) GTEST_SKIP() << "this kernel has no multishot receive";
  test::Peer receiver;
  test::Peer sender;
  const int fd = receiver.fd();
  ASSERT_TRUE(uring->register_files({&fd, 1}).has_value());
  ReceiveRing ring(*uring, 4, true, *std::pmr::new_delete_resource());
  ASSERT_TRUE(ring.is_registered());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(sender.send(std::string(static_cast<std::size_t>(i), 'x'), receiver.address()));
  }
  std::size_t received = 0;
  int out_of_buffers = 0;
  bool armed = false;
  for (int turn = 0; turn < 100 && received < 20; ++turn) {
    if (!armed) ring.prepare(uring->submission(), 0);
    armed = true;
    uring->wait({.at_most = 1s});
    (void)uring->complete(64, [&](const io_uring_cqe& completion) {
      armed = armed && (completion.flags & IORING_CQE_F_MORE) != 0;
      if (completion.res < 0) {
        EXPECT_EQ(completion.res, -ENOBUFS);
        ++out_of_buffers;
        return;
      }
      const auto id = static_cast<BufferId>(completion.flags >> IORING_CQE_BUFFER_SHIFT);
      ring.taken_by_kernel();
      const auto datagram = ring.datagram(id, static_cast<std::uint32_t>(completion.res));
      EXPECT_EQ(datagram.bytes.size(), received);
      EXPECT_EQ(to_network_address(*datagram.source, Transport::udp), sender.address());
      EXPECT_FALSE(datagram.truncated);
      ++received;
      ring.give_back(id);
    });
    ring.publish();
  }
  EXPECT_EQ(received, 20U);
  EXPECT_GE(out_of_buffers, 1);
  EXPECT_EQ(ring.lent_to_kernel(), 4U);
}

TEST(ReceiveRing, lends_its_spares_once_each) {
  auto uring = Uring::open(8, 64, {});
  ASSERT_TRUE(uring.has_value()) << uring.error().text;
  ReceiveRing ring(*uring, 4, false, *std::pmr::new_delete_resource());
  std::uint32_t taken = 0;
  while (ring.take_spare()) ++taken;
  EXPECT_EQ(taken, ring.capacity());
  EXPECT_FALSE(ring.has_spare());
  ring.give_back(3);
  EXPECT_EQ(ring.take_spare(), BufferId{3});
}

}  // namespace
}  // namespace sipring
