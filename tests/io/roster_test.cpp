// SPDX-License-Identifier: MIT
#include <sipring/io/detail/roster.h>

#include <gtest/gtest.h>

#include <thread>

namespace sipring {
namespace {

TEST(Roster, lets_one_shard_drain_at_a_time_and_never_the_last) {
  Roster roster(3);
  EXPECT_EQ(roster.may_drain(3), DrainError::no_such_shard);
  EXPECT_EQ(roster.may_drain(1), std::nullopt);
  roster.set_phase(1, ShardPhase::draining);
  EXPECT_EQ(roster.may_drain(1), DrainError::another_drains);
  EXPECT_EQ(roster.may_drain(2), DrainError::another_drains);
  roster.set_phase(1, ShardPhase::stopped);
  EXPECT_EQ(roster.may_drain(1), DrainError::stopped);
  EXPECT_EQ(roster.may_drain(2), std::nullopt);
  roster.set_phase(2, ShardPhase::stopped);
  EXPECT_EQ(roster.may_drain(0), DrainError::last_shard);
}

TEST(Roster, change_is_acknowledged_by_all_that_have_not_left) {
  Roster roster(3);
  roster.set_phase(2, ShardPhase::draining);
  roster.order(2, ShardOrder::drain);
  const std::uint32_t change = roster.publish();
  EXPECT_EQ(roster.change(), change);
  EXPECT_EQ(roster.order_to(2), ShardOrder::drain);
  EXPECT_EQ(roster.order_to(0), ShardOrder::serve);
  EXPECT_EQ(roster.published().next, roster.homes().next);
  roster.acknowledge(0, change);
  roster.acknowledge(1, change);
  EXPECT_FALSE(roster.is_acknowledged(change));
  roster.report(2, ShardReport::left);
  EXPECT_TRUE(roster.is_acknowledged(change));
  EXPECT_FALSE(roster.is_acknowledged(change + 1));
}

// Hangs if the order does not wake the sleeper.
TEST(Roster, wakes_the_shard_that_waits_for_its_release) {
  Roster roster(2);
  std::thread shard([&] {
    roster.report(1, ShardReport::left);
    roster.wait_for_release(1);
  });
  while (roster.report_of(1) != ShardReport::left) std::this_thread::yield();
  roster.order(1, ShardOrder::leave);
  roster.order(1, ShardOrder::release);
  shard.join();
}

TEST(Roster, knows_when_nobody_writes_letters_any_more) {
  Roster roster(2);
  roster.fall_silent();
  EXPECT_FALSE(roster.all_are_silent());
  roster.fall_silent();
  EXPECT_TRUE(roster.all_are_silent());
}

}  // namespace
}  // namespace sipring
