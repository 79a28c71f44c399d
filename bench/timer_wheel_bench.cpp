// What a transaction's timers cost: arm and stop beside many others, and arm and fire.
// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/timer_wheel.h>

#include <benchmark/benchmark.h>

#include <memory_resource>
#include <random>
#include <vector>

namespace sipring {
namespace {

using namespace std::chrono_literals;

// Ids in random order, so that memory is touched as an engine under load touches it.
std::vector<std::uint32_t> shuffled_ids(std::uint32_t count) {
  std::vector<std::uint32_t> ids(count);
  for (std::uint32_t i = 0; i < count; ++i) ids[i] = i;
  std::mt19937 random(1);
  for (std::uint32_t i = count; i > 1; --i) std::swap(ids[i - 1], ids[random() % i]);
  return ids;
}

void arm_all(TimerWheel& wheel, const std::vector<std::uint32_t>& ids) {
  (void)wheel.pop_due(Instant(0s));
  std::mt19937 random(2);
  for (const std::uint32_t id : ids) wheel.arm(id, Instant(Duration(random() * std::int64_t{8})));
}

// With N timers outstanding over 34 seconds, stops one of them and arms it at another time.
void timer_wheel_arm_and_stop(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  TimerWheel wheel(count, *std::pmr::new_delete_resource());
  const std::vector<std::uint32_t> ids = shuffled_ids(count);
  arm_all(wheel, ids);
  std::uint32_t i = 0;
  std::uint32_t spread = 1;
  for (auto _ : state) {
    const std::uint32_t id = ids[i];
    wheel.stop(id);
    spread = spread * 1'664'525 + 1'013'904'223;
    wheel.arm(id, Instant(Duration(spread * std::int64_t{8})));
    if (++i == count) i = 0;
  }
}
BENCHMARK(timer_wheel_arm_and_stop)
    ->Name("timer_wheel/arm_and_stop")
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000);

// A timer that runs its 32 seconds, moves of its ring included: time goes on by itself, N
// outstanding.
void timer_wheel_arm_and_fire(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  TimerWheel wheel(count, *std::pmr::new_delete_resource());
  const std::vector<std::uint32_t> ids = shuffled_ids(count);
  const Duration apart = Duration(32s) / count;
  Instant now{0s};
  (void)wheel.pop_due(now);
  for (const std::uint32_t id : ids) wheel.arm(id, (now += apart) + 32s);
  std::int64_t fired = 0;
  for (auto _ : state) {
    now += apart;
    while (const auto id = wheel.pop_due(now)) {
      wheel.arm(*id, now + 32s);
      ++fired;
    }
  }
  state.counters["fired"] =
      benchmark::Counter(static_cast<double>(fired) / static_cast<double>(state.iterations()));
}
BENCHMARK(timer_wheel_arm_and_fire)
    ->Name("timer_wheel/arm_and_fire")
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000);

}  // namespace
}  // namespace sipring
