// SPDX-License-Identifier: MIT
#include <sipring/core/flow.h>
#include <sipring/core/received.h>

#include <gtest/gtest.h>

namespace sipring {
namespace {

TEST(Flow, is_null_unless_something_is_named) {
  EXPECT_FALSE(Flow{});
  EXPECT_TRUE(Flow::of_listener(0));
  EXPECT_TRUE(Flow::of_connection(0, 0, 0));
}

TEST(Flow, differs_in_each_of_its_parts) {
  const Flow flow = Flow::of_connection(3, 5, 7);
  EXPECT_EQ(flow, Flow::of_connection(3, 5, 7));
  EXPECT_NE(flow, Flow::of_connection(2, 5, 7));
  EXPECT_NE(flow, Flow::of_connection(3, 4, 7));
  EXPECT_NE(flow, Flow::of_connection(3, 5, 6));
  EXPECT_NE(Flow::of_connection(0, 5, 7), Flow::of_listener(5, 7));
}

TEST(Flow, keeps_the_largest_numbers_and_cuts_off_what_is_larger) {
  const Flow flow =
      Flow::of_connection(Flow::max_shards - 1, Flow::max_slots - 1, Flow::max_generations - 1);
  EXPECT_EQ(flow.shard, 255U);
  EXPECT_EQ(flow.slot, 16'777'215U);
  EXPECT_EQ(flow.generation, 1'073'741'823U);
  EXPECT_TRUE(flow.is_connection());
  EXPECT_EQ(Flow::of_listener(Flow::max_slots + 2, Flow::max_generations + 3),
            Flow::of_listener(2, 3));
}

TEST(Received, came_by_its_flow_where_nothing_else_is_said) {
  const Received datagram{.bytes = "", .source = {}, .flow = Flow::of_listener(2)};
  EXPECT_EQ(datagram.listener, Flow::of_listener(2));
  const Received streamed{.bytes = "",
                          .source = {},
                          .flow = Flow::of_connection(0, 9, 1),
                          .listener = Flow::of_listener(2)};
  EXPECT_EQ(streamed.listener, Flow::of_listener(2));
}

}  // namespace
}  // namespace sipring
