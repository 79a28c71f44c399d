// SPDX-License-Identifier: MIT
#include <sipring/io/stream/read_queues.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string_view>

namespace sipring {
namespace {

class ReadQueuesTest : public testing::Test {
 protected:
  bool push(ReadQueues::Queue& queue, std::string_view octets) {
    return queues_.push(queue, buffers_.copy(octets));
  }
  BufferPool buffers_{1 << 20, *std::pmr::new_delete_resource()};
  ReadQueues queues_{4, *std::pmr::new_delete_resource()};
};

TEST_F(ReadQueuesTest, keep_the_order_of_each_connection) {
  ReadQueues::Queue one;
  ReadQueues::Queue other;
  ASSERT_TRUE(push(one, "a") && push(other, "x") && push(one, "b"));
  EXPECT_EQ(queues_.pop(one)->view(), "a");
  EXPECT_EQ(queues_.pop(one)->view(), "b");
  EXPECT_TRUE(one.empty());
  ASSERT_TRUE(push(one, "c"));
  EXPECT_EQ(queues_.pop(one)->view(), "c");
  EXPECT_EQ(queues_.pop(other)->view(), "x");
  EXPECT_EQ(queues_.size(), 0U);
}

TEST_F(ReadQueuesTest, refuse_what_has_no_room_and_give_all_back) {
  ReadQueues::Queue queue;
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(push(queue, "x"));
  EXPECT_FALSE(push(queue, "y"));
  EXPECT_FALSE(queues_.push(queue, Ref<Buffer>()));
  queues_.clear(queue);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queues_.size(), 0U);
  EXPECT_EQ(buffers_.size(), 0U);
}

}  // namespace
}  // namespace sipring
