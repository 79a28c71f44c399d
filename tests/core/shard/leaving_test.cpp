// SPDX-License-Identifier: MIT
#include <sipring/core/shard/detail/leaving.h>

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace sipring {
namespace {

using namespace std::chrono_literals;
using Stage = Leaving::Stage;
using Action = Leaving::Action;
using Sight = Leaving::Sight;

class LeavingTest : public testing::Test {
 protected:
  std::vector<Action> advance(const Sight& sight) {
    std::vector<Action> actions;
    while (const auto action = leaving_.step(now_, sight)) actions.push_back(*action);
    return actions;
  }
  // Until the stage is this one; nothing comes meanwhile, and nobody else ends.
  void go_to(Stage stage) {
    const bool leaves = stage == Stage::leaving;
    if (leaves) advance({.order = ShardOrder::leave});
    if (stage == Stage::draining) advance({.order = ShardOrder::drain});
    if (stage == Stage::finishing) advance({.order = ShardOrder::finish});
    if (stage >= Stage::stopping) advance({.stop_requested = true, .is_receiving = true});
    if (stage >= Stage::silent) advance({.others_write = true});
    ASSERT_EQ(leaving_.stage(), stage) << to_string(leaving_.stage());
  }

  Leaving leaving_;
  Instant now_{1h};
};

TEST_F(LeavingTest, has_one_row_for_a_stage_and_an_event_and_leads_everywhere) {
  std::set<std::pair<Stage, Leaving::Event>> seen;
  std::set<Stage> reached{Stage::serving};
  for (const Leaving::Row& row : Leaving::table()) {
    EXPECT_TRUE(seen.emplace(row.stage, row.event).second);
    EXPECT_LT(row.stage, row.next) << "nothing leads back";
    EXPECT_TRUE(reached.contains(row.stage));
    reached.insert(row.next);
  }
  EXPECT_EQ(reached.size(), 7U);
}

TEST_F(LeavingTest, nothing_happens_to_a_shard_that_is_told_nothing) {
  now_ += 1'000h;
  EXPECT_EQ(advance({.has_come = true, .is_receiving = true, .others_write = true}),
            std::vector<Action>{});
  EXPECT_TRUE(leaving_.is_serving());
  EXPECT_EQ(leaving_.next_deadline(now_), never);
}

TEST_F(LeavingTest, drains_until_it_is_told_to_leave) {
  EXPECT_EQ(advance({.order = ShardOrder::drain}), std::vector{Action::tell_user});
  EXPECT_TRUE(leaving_.drains() && leaving_.fires_timers() && leaving_.receives());
  now_ += 100h;
  EXPECT_EQ(advance({.order = ShardOrder::drain}), std::vector<Action>{});
  EXPECT_EQ(advance({.order = ShardOrder::leave, .is_receiving = true}),
            std::vector{Action::leave_groups});
  EXPECT_FALSE(leaving_.fires_timers());
  EXPECT_TRUE(leaving_.receives());
}

TEST_F(LeavingTest, tells_the_user_also_when_it_is_to_leave_at_once) {
  EXPECT_EQ(advance({.order = ShardOrder::leave}),
            (std::vector{Action::tell_user, Action::leave_groups}));
}

TEST_F(LeavingTest, finishes_with_the_whole_server_and_goes_on_until_it_stops) {
  for (const ShardOrder first : {ShardOrder::serve, ShardOrder::drain}) {
    leaving_ = {};
    advance({.order = first});
    EXPECT_EQ(leaving_.is_watched(), first == ShardOrder::drain);
    EXPECT_EQ(advance({.order = ShardOrder::finish}), std::vector{Action::finish_user});
    EXPECT_TRUE(leaving_.is_watched() && leaving_.fires_timers() && leaving_.receives());
    now_ += 100h;
    EXPECT_EQ(advance({.order = ShardOrder::finish}), std::vector<Action>{});
    EXPECT_EQ(leaving_.next_deadline(now_), never);
  }
}

TEST_F(LeavingTest, takes_what_still_comes_until_it_has_been_quiet_for_a_while) {
  go_to(Stage::leaving);
  for (int i = 0; i < 5; ++i) {
    now_ += 15ms;
    EXPECT_EQ(advance({.has_come = true, .is_receiving = true}), std::vector<Action>{});
    EXPECT_EQ(leaving_.next_deadline(now_), now_ + Leaving::quiet_at_least);
  }
  now_ += 20ms;
  EXPECT_EQ(advance({.is_receiving = true}), std::vector{Action::stop_receiving});
}

TEST_F(LeavingTest, leaves_in_the_end_though_something_comes_all_the_time) {
  go_to(Stage::leaving);
  const Instant start = now_;
  while (leaving_.stage() == Stage::leaving) {
    now_ += 10ms;
    advance({.has_come = true, .is_receiving = true});
  }
  EXPECT_EQ(now_ - start, Leaving::leaving_at_most);
}

TEST_F(LeavingTest, falls_silent_when_the_kernel_has_nothing_of_it_any_more) {
  go_to(Stage::stopping);
  EXPECT_TRUE(leaving_.writes_letters());
  EXPECT_FALSE(leaving_.receives());
  now_ += 100ms;
  EXPECT_EQ(advance({.is_receiving = true}), std::vector<Action>{});
  EXPECT_EQ(advance({.has_mail = true, .others_write = true}), std::vector{Action::fall_silent});
  EXPECT_FALSE(leaving_.writes_letters());
}

TEST_F(LeavingTest, ends_when_nobody_writes_and_all_mail_is_handled) {
  go_to(Stage::silent);
  EXPECT_EQ(leaving_.next_deadline(now_), now_ + Leaving::a_moment);
  EXPECT_EQ(advance({.has_mail = true}), std::vector<Action>{});
  EXPECT_EQ(advance({.others_write = true}), std::vector<Action>{});
  EXPECT_EQ(advance({}), std::vector{Action::end});
  EXPECT_TRUE(leaving_.has_ended());
  EXPECT_FALSE(leaving_.leaves());
}

TEST_F(LeavingTest, that_is_ordered_does_not_wait_for_others_who_go_on) {
  go_to(Stage::leaving);
  now_ += 20ms;
  advance({.is_receiving = true});
  advance({.has_mail = true, .others_write = true});
  EXPECT_EQ(leaving_.stage(), Stage::silent);
  EXPECT_EQ(advance({.others_write = true}), std::vector{Action::end});
  EXPECT_TRUE(leaving_.leaves());
}

TEST_F(LeavingTest, has_an_end_also_when_the_kernel_or_another_shard_does_not_answer) {
  go_to(Stage::stopping);
  now_ += Leaving::stopping_at_most;
  EXPECT_EQ(advance({.is_receiving = true, .has_mail = true}), std::vector{Action::fall_silent});
  now_ += Leaving::silent_at_most;
  EXPECT_EQ(advance({.has_mail = true, .others_write = true}), std::vector{Action::end});
}

TEST_F(LeavingTest, stops_from_each_stage_in_which_it_receives) {
  for (const Stage stage : {Stage::serving, Stage::draining, Stage::finishing, Stage::leaving}) {
    leaving_ = {};
    go_to(stage);
    EXPECT_EQ(advance({.stop_requested = true, .is_receiving = true}),
              std::vector{Action::stop_receiving});
    EXPECT_EQ(leaving_.leaves(), stage == Stage::leaving);
  }
}

}  // namespace
}  // namespace sipring
