// The turn: what a shard does from one wait to the next.
// SPDX-License-Identifier: MIT
#include <sipring/io/detail/loop.h>

#include <sipring/io/clock.h>
#include <sipring/io/detail/memory.h>
#include <sipring/pools/detail/frontier.h>

#include <algorithm>

namespace sipring {
namespace {

constexpr std::uint32_t busy_turn = 8;  // completions; more will be waiting already
constexpr Duration close_patience = std::chrono::milliseconds(10);
// The kernel hands over only so many completions at once; asked again, it has more.
constexpr std::uint32_t gather_rounds = 64;
constexpr std::uint32_t errands_at_once = 64;  // then messages have their turn

}  // namespace

void Loop::run() {
  now_ = woke_ = read_clock();
  parts_.snapshot.begin(now_);
  parts_.intake.begin_turn(now_);
  parts_.bells.listen();
  advance();
  flush();
  parts_.udp.arm();
  parts_.streams.arm(now_);
  while (!parts_.leaving.has_ended()) turn();
  parts_.errands.close();
  close();
  publish(true);
}

bool Loop::has_left() const {
  return parts_.leaving.leaves() && parts_.post.has_all_back();
}

void Loop::turn() {
  wait();
  handled_ = 0;
  complete();
  read_on();
  shake_hands();
  parts_.orders.follow(now_, handled_ != 0);
  parts_.snapshot.note(parts_.reception.take_mail(now_));
  run_errands();
  if (parts_.intake.is_overloaded()) {
    gather();
    now_ = parts_.reception.serve_waiting(now_);
  }
  advance();
  flush();
  parts_.post.ring_bells([this](std::uint32_t shard) { parts_.bells.ring(shard); });
  parts_.udp.arm();
  parts_.streams.arm(now_);
  ++parts_.counters.turns;
  parts_.counters.completions += handled_;
  parts_.snapshot.note(handled_ != 0);
  bring_memory();
  publish(false);
}

void Loop::wait() {
  const Instant before = read_clock();
  parts_.counters.busy += before - woke_;
  parts_.counters.turn_lengths.record(before - woke_);
  parts_.intake.end_turn(before);
  if (!poll_when_busy()) sleep(before);
  now_ = woke_ = read_clock();
  parts_.intake.begin_turn(now_);
}

void Loop::sleep(Instant before) {
  UringWait wait = how_to_wait(before);
  const bool sleeps = !parts_.post.is_alone() && wait.completions != 0;
  if (sleeps && !parts_.post.may_sleep(parts_.udp.is_starving())) wait.completions = 0;
  parts_.uring.wait(wait);
  if (sleeps) parts_.post.awake();
}

// A shard with much to do is not going to sleep, and must not look as if: others would ring for it
// at every turn. True when there were completions.
bool Loop::poll_when_busy() {
  Uring& uring = parts_.uring;
  if (parts_.post.is_alone() || handled_ < busy_turn || uring.has_completions()) return false;
  uring.wait({.completions = 0});
  return uring.has_completions();
}

UringWait Loop::how_to_wait(Instant before) const {
  UringWait wait;
  Instant deadline = std::min(parts_.leaving.next_deadline(before), parts_.snapshot.deadline());
  if (parts_.leaving.fires_timers()) {
    deadline = std::min({deadline, parts_.engine.next_deadline(), parts_.user.next_deadline(),
                         parts_.streams.next_deadline(), parts_.keep_alives.next_deadline()});
    if (parts_.naming != nullptr) deadline = std::min(deadline, parts_.naming->next_deadline());
  }
  if (deadline != never) wait.at_most = deadline - before;
  if (parts_.options.batching && parts_.uring.features().minimum_wait) {
    wait.completions = parts_.options.batching->completions;
    wait.minimum = parts_.options.batching->at_most;
    wait.at_most = std::max(wait.at_most, wait.minimum);  // what is due is gathered, too
  }
  const bool has_errands = parts_.errands.is_rung() && parts_.leaving.fires_timers();
  const bool is_due = parts_.outputs.has_failures() || parts_.orders.is_due() ||
                      parts_.streams.has_handshakes() || parts_.streams.reads_on() || has_errands ||
                      brings_;
  if (parts_.uring.has_completions() || is_due) wait.completions = 0;
  return wait;
}

void Loop::complete() {
  handled_ += parts_.uring.complete(
      parts_.options.turn, [this](const io_uring_cqe& completion) { dispatch(completion); });
}

void Loop::dispatch(const io_uring_cqe& completion) {
  const CompletionToken token = CompletionToken::unpack(completion.user_data);
  switch (token.group) {
    case OpGroup::udp:
      parts_.udp.on_completion(token, completion, parts_.arrivals);
      return parts_.reception.take_arrivals(now_);
    case OpGroup::stream:
      parts_.streams.on_completion(now_, token, completion);
      return parts_.reception.take_streams(now_);
    case OpGroup::post: return parts_.bells.on_completion(token);
    case OpGroup::names:
      parts_.naming->on_completion(now_, token, completion);
      return parts_.outputs.take_all(now_);
    case OpGroup::ring: return;
  }
}

// Takes all that has arrived, so that what is refused or left is what is worth least.
void Loop::gather() {
  for (std::uint32_t i = 0; i < gather_rounds && parts_.intake.is_overloaded(); ++i) {
    if (!parts_.uring.has_completions()) parts_.uring.wait({.completions = 0});
    const std::uint32_t before = handled_;
    complete();
    if (handled_ == before || !parts_.intake.has_room()) return;
  }
}

// Of connections that have had their share of the last turn, or are read again.
void Loop::read_on() {
  if (!parts_.streams.reads_on()) [[likely]]
    return;
  while (parts_.streams.read_on(now_)) parts_.reception.take_streams(now_);
  parts_.snapshot.note();
}

// One step, whatever else there is: it is the longest thing that a turn does.
void Loop::shake_hands() {
  if (!parts_.streams.has_handshakes()) return;
  parts_.streams.shake_hands(now_);
  parts_.reception.take_streams(now_);
  parts_.snapshot.note();
}

// While what they begin may still come to an end.
void Loop::run_errands() {
  if (!parts_.errands.is_rung() || !parts_.leaving.fires_timers()) [[likely]]
    return;
  parts_.errands.answer_bell();
  parts_.snapshot.note();
  for (std::uint32_t i = 0; i < errands_at_once; ++i) {
    auto errand = parts_.errands.pop();
    if (!errand) return;
    (*errand)(parts_.user, parts_.engine, now_);
    parts_.outputs.take_all(now_);
  }
  parts_.errands.ring_again();
}

void Loop::advance() {
  if (!parts_.leaving.fires_timers()) return;
  if (parts_.engine.next_deadline() <= now_) {
    parts_.engine.advance(now_);
    parts_.outputs.take_all(now_);
    parts_.snapshot.note();
  }
  if (parts_.streams.next_deadline() <= now_) {
    parts_.streams.advance(now_);
    parts_.reception.take_streams(now_);
    parts_.snapshot.note();
  }
  if (parts_.keep_alives.next_deadline() <= now_) parts_.outputs.keep_alive(now_);
  if (parts_.user.next_deadline() <= now_) {
    parts_.user.advance(parts_.engine, now_);
    parts_.outputs.take_all(now_);
    parts_.snapshot.note();
  }
  if (parts_.naming != nullptr && parts_.naming->next_deadline() <= now_) {
    parts_.naming->advance(now_);
    parts_.outputs.take_all(now_);
  }
}

void Loop::flush() {
  parts_.outputs.flush(now_, [this] { parts_.reception.take_arrivals(now_); });
}

// A piece a turn, of turns that have little else to do.
void Loop::bring_memory() {
  brings_ = false;
  if (handled_ >= busy_turn || parts_.options.prefault) return;
  const std::span<std::byte> coming = first_coming(parts_.engine, parts_.user);
  if (coming.empty()) [[likely]]
    return;
  bring(coming);
  brings_ = true;
}

void Loop::publish(bool at_once) {
  if (!at_once && now_ < parts_.snapshot.deadline()) return;
  parts_.snapshot.publish(now_, parts_.engine, parts_.counters, parts_.streams,
                          parts_.user.call_counters(), parts_.uring.system_calls());
}

// The kernel must be done with our memory before it goes: cancel everything and wait for the answer
// to that.
void Loop::close() {
  const std::uint64_t last = CompletionToken::of(RingOp::cancel).pack();
  io_uring_sqe& submission = parts_.uring.submission();
  io_uring_prep_cancel64(&submission, 0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
  io_uring_sqe_set_data64(&submission, last);
  bool cancelled = false;
  for (int i = 0; i < 100 && !cancelled; ++i) {
    parts_.uring.wait({.at_most = close_patience});
    (void)parts_.uring.complete(
        ~0U, [&](const io_uring_cqe& completion) { cancelled |= completion.user_data == last; });
  }
}

}  // namespace sipring
