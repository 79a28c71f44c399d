// SPDX-License-Identifier: MIT
#include <sipring/io/udp/receive_ring.h>

#include <sipring/io/detail/uring.h>

#include "tests/io/loopback.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory_resource>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace sipring {
namespace {

using namespace std::chrono_literals;

class ReceiveRingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = Uring::open(8, 64, {});
    ASSERT_TRUE(opened.has_value()) << opened.error().text;
    if (!opened->features().multishot_receive)
      GTEST_SKIP() << "this kernel has no multishot receive";
    uring_.emplace(std::move(*opened));
    const int fd = receiver_.fd();
    ASSERT_TRUE(uring_->register_files(1).has_value());
    uring_->set_file(0, fd);
  }
  // Of so many buffers, lent to the kernel.
  ReceiveRing ring_of(std::uint32_t count) {
    return {*uring_, count, true, *std::pmr::new_delete_resource()};
  }

  test::Peer receiver_;
  test::Peer sender_;
  std::optional<Uring> uring_;
};

// Four buffers, twenty datagrams: the kernel runs out (ENOBUFS) and the socket keeps what did not
// fit.
TEST_F(ReceiveRingTest, loses_nothing_when_the_kernel_has_used_up_all_buffers) {
  ReceiveRing ring = ring_of(4);
  ASSERT_TRUE(ring.is_registered());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(sender_.send(std::string(static_cast<std::size_t>(i), 'x'), receiver_.address()));
  }
  std::size_t received = 0;
  int out_of_buffers = 0;
  bool armed = false;
  for (int turn = 0; turn < 100 && received < 20; ++turn) {
    if (!armed) ring.prepare(uring_->submission(), 0);
    armed = true;
    uring_->wait({.at_most = 1s});
    (void)uring_->complete(64, [&](const io_uring_cqe& completion) {
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
      EXPECT_EQ(to_network_address(*datagram.source, Transport::udp), sender_.address());
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

// One datagram at a time needs one buffer, so the same few stay in the caches.
TEST_F(ReceiveRingTest, lends_what_was_used_last_and_no_more_than_is_needed) {
  ReceiveRing ring = ring_of(512);
  ASSERT_TRUE(ring.is_registered());
  const std::uint32_t lent = ring.lent_to_kernel();
  EXPECT_LT(lent, 512U);
  ring.prepare(uring_->submission(), 0);
  std::set<BufferId> used;
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(sender_.send("x", receiver_.address()));
    uring_->wait({.at_most = 1s});
    const std::uint32_t completed = uring_->complete(64, [&](const io_uring_cqe& completion) {
      ASSERT_GE(completion.res, 0);
      const auto id = static_cast<BufferId>(completion.flags >> IORING_CQE_BUFFER_SHIFT);
      ring.taken_by_kernel();
      used.insert(id);
      ring.give_back(id);
    });
    ASSERT_EQ(completed, 1U);
    ring.publish();
  }
  EXPECT_EQ(used.size(), lent);
}

TEST_F(ReceiveRingTest, lends_more_until_it_lends_all) {
  ReceiveRing ring = ring_of(512);
  ASSERT_TRUE(ring.is_registered());
  for (std::uint32_t before = ring.lent_to_kernel(); ring.lend_more();
       before = ring.lent_to_kernel()) {
    ring.publish();
    EXPECT_EQ(ring.lent_to_kernel(), 2 * before);
  }
  EXPECT_EQ(ring.lent_to_kernel(), 512U);
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
