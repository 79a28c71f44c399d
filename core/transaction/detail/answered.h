// Answered: how long what only waits for messages that come once more is remembered, when there is
// no room for something new. Timers D, J, K, M and I of RFC 3261 section 17 and RFC 6026 say how
// long is right; here it is how long is safe enough.
//
// A network that loses one message in a hundred loses an exchange, of a message and its answer, two
// times in a hundred. The peer asks again as long as no answer has come: once the first answer has
// been lost (1 in 100), and after it three exchanges (0.0199 each), it would ask a fourth time.
// That is one transaction in 12 million. So three retransmissions are waited for, and T1 as the
// time that they need:
// - Where the answer came at once the peer's timer was at its beginning: the three are T1, 2*T1 and
//   4*T1 apart (never more than T2): 4 s in all. That the first copies of the request were lost,
//   and the timer was further on, is as rare as that they were answered in vain.
// - Where it came later than T1, the timer may have been at T2: 3*T2 + T1, or 12.5 s.
//
// It is in the order in which they were answered that they wait, in queues of the timer wheel, so
// the oldest is found without a search.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/core/transaction/timer_wheel.h>
#include <sipring/core/transaction/timers.h>

#include <array>
#include <cstdint>
#include <optional>

namespace sipring {

class Answered {
 public:
  // `at_least`: what has been set for it, instead of what is said above. Duration::max(): nothing
  // is ever forgotten before its time.
  Answered(const TimerSettings& timers, std::optional<Duration> at_least);

  // The queue of the wheel that a transaction waits in under this timer, `after` its creation;
  // nullopt: none, there is more to come than messages that have come before.
  // `keeps_text`: its response is in a buffer.
  [[nodiscard]] std::optional<std::uint32_t> queue_of(Timer timer, Duration after,
                                                      bool keeps_text) const;
  // The timer's id of who was answered first and may be forgotten: of all, or of those that may
  // have a buffer.
  enum class Among : std::uint8_t { all, with_text };
  [[nodiscard]] std::optional<std::uint32_t> oldest(const TimerWheel& wheel, Instant now,
                                                    Among among) const;

  // Of a transaction that is answered within T1, or later.
  [[nodiscard]] static Duration safe_after(const TimerSettings& timers, bool at_once);

 private:
  // Those of a queue wait equally long: 64*T1, T4 (settled) or timer D (refused).
  enum Queue : std::uint32_t { at_once, late, settled, text_at_once, text_late, refused };
  static_assert(refused + 1 == TimerWheel::queues);

  Duration t1_;
  std::array<Duration, TimerWheel::queues> waits_;
  std::array<Duration, TimerWheel::queues> at_least_;
};

}  // namespace sipring
