// Which shard a datagram belongs to.
// SPDX-License-Identifier: MIT
#include <sipring/core/engine.h>
#include <sipring/core/shard/steering.h>

#include <gtest/gtest.h>

#include <memory_resource>

#include "tests/no_allocation/message_fixture.h"

namespace sipring::test {
namespace {

TEST_F(NoAllocationInMessages, when_datagrams_are_steered_and_a_shard_drains) {
  Settings settings;
  settings.limits.transactions = 64;
  Engine engine(settings, Entropy{{1, 2, 3, 4}}, *std::pmr::new_delete_resource());
  Steering steering(4, {1, 2});
  Homes homes;
  homes.next.fill(3);
  const Built invite = build_invite();
  ASSERT_TRUE(invite);
  expect_none([&] {
    ASSERT_TRUE(steering.home_of_datagram((*invite)->view()));
    ASSERT_TRUE(engine.begins_anew((*invite)->view()));
    steering.place(homes);
    ASSERT_EQ(steering.next_home_of_datagram((*invite)->view()), 3U);
  });
}

}  // namespace
}  // namespace sipring::test
