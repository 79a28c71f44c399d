// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/timer_wheel.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory_resource>
#include <optional>
#include <random>
#include <set>
#include <vector>

namespace sipring {
namespace {

using namespace std::chrono_literals;

constexpr Duration granule = TimerWheel::granularity;

// The same face, slow and obvious: an ordered map of what must be popped, in order of tick and then
// of arming.
class ReferenceWheel {
 public:
  void arm(std::uint32_t id, Instant deadline) {
    stop(id);
    const Key key{std::max(rounded_up(deadline), position_), ++arms_};
    by_time_[key] = id;
    by_id_[id] = key;
  }
  void stop(std::uint32_t id) {
    if (!by_id_.contains(id)) return;
    by_time_.erase(by_id_[id]);
    by_id_.erase(id);
  }
  bool armed(std::uint32_t id) const { return by_id_.contains(id); }
  std::size_t size() const { return by_id_.size(); }
  std::optional<std::uint32_t> pop_due(Instant now) {
    position_ = std::max(position_, rounded_down(now));
    if (by_time_.empty() || by_time_.begin()->first.first > rounded_down(now)) return std::nullopt;
    const std::uint32_t id = by_time_.begin()->second;
    position_ = by_time_.begin()->first.first;
    stop(id);
    return id;
  }
  std::optional<std::int64_t> first_granule() const {
    return by_time_.empty() ? std::nullopt : std::optional(by_time_.begin()->first.first);
  }

 private:
  using Key = std::pair<std::int64_t, std::uint64_t>;
  static std::int64_t rounded_down(Instant instant) {
    const std::int64_t count = instant.time_since_epoch().count();
    const std::int64_t quotient = count / granule.count();
    return count % granule.count() < 0 ? quotient - 1 : quotient;
  }
  static std::int64_t rounded_up(Instant instant) {
    const std::int64_t down = rounded_down(instant);
    return down * granule.count() == instant.time_since_epoch().count() ? down : down + 1;
  }

  std::map<Key, std::uint32_t> by_time_;
  std::map<std::uint32_t, Key> by_id_;
  std::int64_t position_ = rounded_down(Instant::min());
  std::uint64_t arms_ = 0;
};

struct Walk {
  std::uint64_t seed;
  Instant start;
  Duration reach;  // of deadlines
  Duration step;   // of time
};

// Random arms, stops and steps of time; both wheels must say the same after each.
void compare(const Walk& walk) {
  SCOPED_TRACE(testing::Message() << "seed " << walk.seed << " reach " << walk.reach.count()
                                  << " step " << walk.step.count());
  constexpr std::uint32_t timers = 300;
  TimerWheel wheel(timers, *std::pmr::new_delete_resource());
  ReferenceWheel reference;
  std::mt19937_64 random(walk.seed);
  const auto below = [&](std::int64_t bound) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(bound));
  };
  Instant now = walk.start;
  ASSERT_EQ(wheel.pop_due(now), reference.pop_due(now));
  for (int i = 0; i < 20'000; ++i) {
    const auto id = static_cast<std::uint32_t>(below(timers));
    switch (below(8)) {
      case 0:
      case 1:
      case 2: {
        const Instant deadline = now + Duration(below(walk.reach.count())) - walk.reach / 16;
        wheel.arm(id, deadline);
        reference.arm(id, deadline);
        break;
      }
      case 3:
        wheel.stop(id);
        reference.stop(id);
        break;
      case 4: now += Duration(below(walk.step.count())); break;
      default: {
        const std::optional<std::uint32_t> popped = wheel.pop_due(now);
        ASSERT_EQ(popped, reference.pop_due(now)) << "operation " << i;
      }
    }
    ASSERT_EQ(wheel.size(), reference.size());
    ASSERT_EQ(wheel.armed(id), reference.armed(id));
    if (const auto first = reference.first_granule()) {
      ASSERT_LE(wheel.next_deadline(), Instant(Duration(*first * granule.count())));
    } else {
      ASSERT_EQ(wheel.next_deadline(), never);
    }
  }
}

TEST(TimerWheel, agrees_with_an_ordered_map) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    compare({seed, Instant(0ns), 200ms, 20ms});      // many a tick
    compare({seed, Instant(5h + 1ns), 40s, 300ms});  // SIP's own scale
    compare({seed, Instant(-1h), 2h, 10min});        // through zero
    compare({seed, Instant(-24h * 365 * 200), 24h * 365 * 20, 24h * 30});
  }
}

TEST(TimerWheel, never_fires_early_and_at_most_a_granule_late) {
  TimerWheel wheel(1, *std::pmr::new_delete_resource());
  for (std::int64_t offset = 1; offset < granule.count() * 4; offset += 99'991) {
    const Instant deadline = Instant(7s) + Duration(offset);
    wheel.arm(0, deadline);
    EXPECT_EQ(wheel.pop_due(deadline - 1ns), std::nullopt);
    EXPECT_EQ(wheel.pop_due(deadline + granule), 0U);
  }
}

TEST(TimerWheel, following_next_deadline_fires_each_timer_in_its_granule) {
  TimerWheel wheel(2'000, *std::pmr::new_delete_resource());
  std::mt19937_64 random(42);
  std::vector<Instant> deadlines;
  Instant now{3s};
  EXPECT_EQ(wheel.pop_due(now), std::nullopt);
  for (std::uint32_t id = 0; id < 2'000; ++id) {
    deadlines.push_back(now + Duration(static_cast<std::int64_t>(random() % 100'000'000'000)));
    wheel.arm(id, deadlines.back());
  }
  int wakes = 0;
  for (; wheel.next_deadline() != never; ++wakes) {
    ASSERT_GT(wheel.next_deadline(), now);
    now = wheel.next_deadline();
    while (const auto id = wheel.pop_due(now)) {
      EXPECT_GE(now, deadlines[*id]);
      EXPECT_LT(now - deadlines[*id], granule);
    }
  }
  EXPECT_EQ(wheel.size(), 0U);
  EXPECT_LE(wakes, 2'000);  // none is idle as long as no timer is stopped
}

TEST(TimerWheel, an_untold_wheel_takes_deadlines_in_any_order) {
  for (const Instant start :
       {Instant(0ns), Instant(-100h), Instant(1'000'000h), Instant::min() + 1h}) {
    TimerWheel wheel(4, *std::pmr::new_delete_resource());
    wheel.arm(0, start + 24h);
    wheel.arm(1, start + 500ms);
    wheel.arm(2, start + 32s);
    EXPECT_EQ(wheel.pop_due(start), std::nullopt);
    wheel.arm(3, start + 100ms);
    EXPECT_EQ(wheel.pop_due(start + 110ms), 3U);
    EXPECT_EQ(wheel.pop_due(start + 400ms), std::nullopt);
    EXPECT_EQ(wheel.pop_due(start + 1s), 1U);
    EXPECT_EQ(wheel.pop_due(start + 48h), 2U);
    EXPECT_EQ(wheel.pop_due(start + 48h), 0U);
  }
}

TEST(TimerWheel, time_may_jump_to_the_end) {
  TimerWheel wheel(4, *std::pmr::new_delete_resource());
  EXPECT_EQ(wheel.pop_due(Instant::min()), std::nullopt);
  wheel.arm(0, Instant::min());
  wheel.arm(1, Instant(0ns));
  wheel.arm(2, Instant::max() - 1h);
  wheel.arm(3, never);
  EXPECT_EQ(wheel.pop_due(Instant::max()), 0U);
  EXPECT_EQ(wheel.pop_due(Instant::max()), 1U);
  EXPECT_EQ(wheel.pop_due(Instant::max()), 2U);
  wheel.stop(3);
  EXPECT_EQ(wheel.pop_due(Instant::max()), std::nullopt);
  EXPECT_EQ(wheel.next_deadline(), never);
}

TEST(TimerWheel, a_past_deadline_is_due_at_once) {
  TimerWheel wheel(1, *std::pmr::new_delete_resource());
  EXPECT_EQ(wheel.pop_due(Instant(10s)), std::nullopt);
  wheel.arm(0, Instant(1s));
  EXPECT_LE(wheel.next_deadline(), Instant(10s));
  EXPECT_EQ(wheel.pop_due(Instant(10s)), 0U);
}

TEST(TimerWheel, one_tick_fires_in_arming_order) {
  TimerWheel wheel(100, *std::pmr::new_delete_resource());
  EXPECT_EQ(wheel.pop_due(Instant(0s)), std::nullopt);
  for (std::uint32_t id = 100; id-- > 0;) wheel.arm(id, Instant(32s));
  for (std::uint32_t id = 100; id-- > 0;) EXPECT_EQ(wheel.pop_due(Instant(33s)), id);
}

TEST(TimerWheel, arming_anew_moves_the_deadline) {
  TimerWheel wheel(2, *std::pmr::new_delete_resource());
  wheel.arm(1, Instant(1s));
  wheel.arm(1, Instant(3s));
  EXPECT_EQ(wheel.size(), 1U);
  EXPECT_EQ(wheel.pop_due(Instant(2s)), std::nullopt);
  EXPECT_EQ(wheel.pop_due(Instant(4s)), 1U);
  wheel.stop(1);
  wheel.stop(0);
  EXPECT_EQ(wheel.size(), 0U);
}

TEST(TimerWheel, keeps_a_queue_in_the_order_of_arming_whatever_else_is_armed) {
  TimerWheel wheel(8, *std::pmr::new_delete_resource());
  const Instant now{};
  EXPECT_FALSE(wheel.first_of(2));
  for (const std::uint32_t id : {5U, 3U, 7U}) wheel.arm_in_order(2, id, now + 32s);
  wheel.arm(1, now + 500ms);
  wheel.arm(2, now + 40s);
  EXPECT_EQ(wheel.first_of(2)->id, 5u);
  EXPECT_EQ(wheel.first_of(2)->deadline,
            now + 32s - (now + 32s).time_since_epoch() % granule + granule);
  EXPECT_FALSE(wheel.first_of(1));
  EXPECT_LE(wheel.next_deadline(), now + 500ms + granule);
  EXPECT_EQ(wheel.pop_due(now + 1s), 1u);
  EXPECT_EQ(wheel.pop_due(now + 1s), std::nullopt);
  EXPECT_EQ(wheel.next_deadline(), wheel.first_of(2)->deadline);
  wheel.stop(5);
  EXPECT_EQ(wheel.first_of(2)->id, 3u);
  EXPECT_FALSE(wheel.armed(5));
  EXPECT_EQ(wheel.size(), 3u);
  EXPECT_EQ(wheel.pop_due(now + 31s), std::nullopt);
  EXPECT_EQ(wheel.pop_due(now + 41s), 3u);
  EXPECT_EQ(wheel.pop_due(now + 41s), 7u);
  EXPECT_EQ(wheel.pop_due(now + 41s), 2u);
  EXPECT_EQ(wheel.pop_due(now + 41s), std::nullopt);
  EXPECT_EQ(wheel.next_deadline(), never);
}

TEST(TimerWheel, moves_a_timer_between_its_slots_and_queues) {
  TimerWheel wheel(2, *std::pmr::new_delete_resource());
  const Instant now{};
  wheel.arm(0, now + 1s);
  wheel.arm_in_order(0, 0, now + 2s);
  EXPECT_EQ(wheel.pop_due(now + 1500ms), std::nullopt);
  wheel.arm_in_order(3, 0, now + 4s);
  EXPECT_FALSE(wheel.first_of(0));
  EXPECT_EQ(wheel.pop_due(now + 3s), std::nullopt);
  wheel.arm(0, now + 5s);
  EXPECT_EQ(wheel.size(), 1u);
  EXPECT_EQ(wheel.pop_due(now + 4500ms), std::nullopt);
  EXPECT_EQ(wheel.pop_due(now + 6s), 0u);
}

TEST(TimerWheel, tells_of_the_memory_of_ids_that_come_next) {
  TimerWheel wheel(200'000, *std::pmr::new_delete_resource());
  const auto told = [&] {
    std::size_t bytes = 0;
    for (auto piece = wheel.coming_memory(); !piece.empty(); piece = wheel.coming_memory()) {
      bytes += piece.size();
    }
    return bytes;
  };
  const std::size_t first = told();
  EXPECT_GE(first, TimerWheel::bytes(4'096) - TimerWheel::bytes(0));
  EXPECT_LT(first, TimerWheel::bytes(16'384));
  EXPECT_EQ(told(), 0u);
  wheel.arm(16'384, Instant{});
  EXPECT_GT(told(), 0u);
  wheel.arm(199'999, Instant{});
  EXPECT_EQ(told(), 0u) << "no more come";
}

// It is moved back to the first deadline that is earlier; what queues stays where it is.
TEST(TimerWheel, an_untold_wheel_that_goes_back_leaves_its_queues_alone) {
  TimerWheel wheel(4, *std::pmr::new_delete_resource());
  const Instant start{1h};
  wheel.arm_in_order(1, 0, start + 32s);
  wheel.arm(1, start + 24h);
  wheel.arm(2, start - 30min);
  wheel.arm(3, start - 50min);
  EXPECT_EQ(wheel.first_of(1)->id, 0u);
  EXPECT_EQ(wheel.pop_due(start), 3u);
  EXPECT_EQ(wheel.pop_due(start), 2u);
  EXPECT_EQ(wheel.pop_due(start + 33s), 0u);
  EXPECT_EQ(wheel.pop_due(start + 25h), 1u);
}

}  // namespace
}  // namespace sipring
