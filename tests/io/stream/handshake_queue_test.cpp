// SPDX-License-Identifier: MIT
#include <sipring/io/stream/handshake_queue.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string_view>

namespace sipring {
namespace {

class HandshakeQueueTest : public testing::Test {
 protected:
  bool postpone(std::uint32_t slot, std::string_view octets) {
    return queue_.postpone(Flow::of_connection(0, slot, 1), buffers_.copy(octets));
  }
  BufferPool buffers_{1 << 20, *std::pmr::new_delete_resource()};
  HandshakeQueue queue_{4, *std::pmr::new_delete_resource()};
};

TEST_F(HandshakeQueueTest, lets_one_step_go_in_a_turn) {
  EXPECT_TRUE(queue_.may_step());
  queue_.step();
  EXPECT_FALSE(queue_.may_step());
  ASSERT_TRUE(postpone(1, "a"));
  EXPECT_FALSE(queue_.next().has_value());
  queue_.begin_turn();
  EXPECT_FALSE(queue_.may_step()) << "what waits goes first";
  const auto piece = queue_.next();
  ASSERT_TRUE(piece.has_value());
  EXPECT_EQ(piece->octets->view(), "a");
  EXPECT_TRUE(queue_.may_step()) << "a piece is no step until it is one";
}

TEST_F(HandshakeQueueTest, keeps_order_and_refuses_what_has_no_room) {
  for (std::uint32_t slot = 0; slot < 4; ++slot) ASSERT_TRUE(postpone(slot, "x"));
  EXPECT_FALSE(postpone(4, "x"));
  for (std::uint32_t slot = 0; slot < 4; ++slot) {
    queue_.begin_turn();
    EXPECT_EQ(queue_.next()->flow.slot, slot);
  }
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(buffers_.size(), 0U);
}

}  // namespace
}  // namespace sipring
