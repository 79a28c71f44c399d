// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/detail/answered.h>

#include <algorithm>

namespace sipring {

Answered::Answered(const TimerSettings& timers, std::optional<Duration> at_least)
    : t1_(timers.t1), waits_{} {
  waits_.fill(duration(Timer::j, false, false, timers));
  waits_[settled] = duration(Timer::k, false, false, timers);
  waits_[refused] = duration(Timer::d, true, false, timers);
  const Duration after_prompt = at_least.value_or(safe_after(timers, true));
  at_least_.fill(after_prompt);
  at_least_[late] = at_least_[text_late] = at_least.value_or(safe_after(timers, false));
}

Duration Answered::safe_after(const TimerSettings& timers, bool at_once) {
  constexpr unsigned retransmissions = 3;
  if (!at_once) return retransmissions * timers.t2 + timers.t1;
  Duration elapsed = timers.t1;
  for (unsigned i = 0; i < retransmissions; ++i) {
    elapsed += retransmission_interval(Timer::e, State::trying, i, timers);
  }
  return elapsed;
}

// Timer L is not here: until the ACK comes, its user repeats the 2xx by it, and then it is timer I.
// What K and M wait for comes by the server's timers, which begin with its answer.
std::optional<std::uint32_t> Answered::queue_of(Timer timer, Duration after,
                                                bool keeps_text) const {
  switch (timer) {
    case Timer::j:
      if (after >= Duration{} && after < t1_) return keeps_text ? text_at_once : at_once;
      return keeps_text ? text_late : late;
    case Timer::m: return at_once;
    case Timer::i:
    case Timer::k: return settled;
    case Timer::d: return refused;
    default: return std::nullopt;
  }
}

std::optional<std::uint32_t> Answered::oldest(const TimerWheel& wheel, Instant now,
                                              Among among) const {
  std::optional<std::uint32_t> found;
  Duration greatest{};
  const std::uint32_t first_queue = among == Among::all ? at_once : text_at_once;
  for (std::uint32_t queue = first_queue; queue < TimerWheel::queues; ++queue) {
    const auto first = wheel.first_of(queue);
    if (!first) continue;
    const Duration age = now - (first->deadline - waits_[queue]);
    if (age < at_least_[queue] || (found && age <= greatest)) continue;
    found = first->id;
    greatest = age;
  }
  return found;
}

}  // namespace sipring
