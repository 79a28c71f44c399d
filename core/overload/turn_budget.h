// TurnBudget: how long a shard may work before it answers for what it has done, and when that makes
// it overloaded.
//
// A turn of the loop takes what has arrived, serves it, and flushes. While a shard keeps up, turns
// are short. When they have been longer than the budget for `patience`, the shard is overloaded:
// from then on what waits is put in order (turn_queue.h), served until the budget is used up, and
// the rest is refused. So the shard works all the time, and nothing waits longer than a turn. A
// quarter of a budget in which all is served ends it: there is no gain to tune.
//
//   serve ──budget──▶ refuse with 503 ──1/12 of it──▶ leave unread
//
// Requests within dialogs are served for as long again. A refusal costs a few microseconds and
// saves the retransmissions of the request, which cost as much together; but there is a bound on
// refusing, too, since whoever floods may send faster than that.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/overload/detail/precedence.h>
#include <sipring/core/time.h>

#include <chrono>
#include <cstdint>

namespace sipring {

struct TurnLimits {
  Duration budget = std::chrono::milliseconds(20);  // zero: a shard is never overloaded
  Duration patience = std::chrono::milliseconds(100);
};

// What became of the requests of one turn of an overloaded shard.
struct TurnReport {
  std::uint32_t requests = 0;  // all that came
  std::uint32_t served = 0;    // of them
  std::uint32_t unread = 0;    // messages that were not even refused
};

class TurnBudget {
 public:
  explicit TurnBudget(const TurnLimits& limits) : limits_(limits) {}

  // Before anything else.
  void begin(Instant now) {
    began_ = now;
    refusing_since_ = never;
    was_long_ = false;
    if (!overloaded_ && was_calm_) calm_at_ = now;
  }
  // In a turn now and then: true when the shard is overloaded, from before or from now on.
  bool look(Instant now) {
    const bool late = now - began_ > limits_.budget && now - calm_at_ > limits_.patience;
    if (late && !overloaded_ && limits_.budget > Duration::zero()) {
      overloaded_ = true;
      began_ = now;  // the rest of this turn has a budget of its own
      was_long_ = true;
    }
    return overloaded_;
  }
  [[nodiscard]] bool is_overloaded() const { return overloaded_; }

  enum class Verdict : std::uint8_t { serve, refuse, leave };
  // What becomes of the next message; ask in the order of priorities.
  [[nodiscard]] Verdict verdict(Instant now, Precedence precedence) {
    const Duration worked = now - began_;
    const bool first = precedence == Precedence::in_dialog;
    if (worked < (first ? limits_.budget * 2 : limits_.budget)) return Verdict::serve;
    was_long_ = true;
    if (refusing_since_ == never) refusing_since_ = now;
    return now - refusing_since_ < limits_.budget / 12 ? Verdict::refuse : Verdict::leave;
  }

  void end(Instant now) {
    const Duration worked = now - began_;
    was_calm_ = !was_long_ && worked < limits_.budget;
    if (!overloaded_) (void)look(now);
    if (!was_calm_) long_at_ = now;
    if (was_calm_ && now - long_at_ >= limits_.budget / 4) overloaded_ = false;
  }

 private:
  TurnLimits limits_;
  Instant began_{};
  Instant calm_at_{};  // the start of the last turn that nothing spoke against
  Instant long_at_{};  // the end of the last other one; a turn may find nothing to do in between
  Instant refusing_since_ = never;
  bool overloaded_ = false;
  bool was_calm_ = true;
  bool was_long_ = false;  // this turn: something has been refused, or it began the overload
};

}  // namespace sipring
