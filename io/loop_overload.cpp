// What an overloaded shard does with a turn: what has arrived is put in order, and served as far as
// the turn's budget reaches (core/overload/turn_budget.h).
// SPDX-License-Identifier: MIT
#include <sipring/io/loop.h>

#include <sipring/core/overload/precedence.h>
#include <sipring/io/clock.h>
#include <sipring/pools/assert.h>

namespace sipring {
namespace {

// The kernel hands over only so many completions at once; asked again, it has more.
constexpr std::uint32_t gather_rounds = 64;
constexpr std::uint64_t looks_every = 16;  // messages: a clock costs more than many of them

}  // namespace

// Now and then in a turn of a shard that keeps up as far as we know.
void Loop::look_at_the_time(std::uint64_t messages) {
  if (messages % looks_every == 0) (void)budget_.look(read_clock());
}

// False when it is to be handled as it comes: the shard keeps up, or no more can wait.
bool Loop::make_wait(const Letter& letter, std::uint32_t owner) {
  if (!budget_.is_overloaded() || queue_.full()) return false;
  const std::string_view bytes(letter.bytes, letter.size);
  const bool is_datagram = letter.kind == Letter::Kind::datagram;
  const Precedence precedence = is_datagram ? guess_precedence(bytes) : Precedence::in_dialog;
  queue_.add(static_cast<std::uint32_t>(waiting_.size()), precedence, letter.source.ip);
  waiting_.push_back({letter, owner});
  return true;
}

// All that has arrived, so that what is refused or left is what is worth least.
void Loop::gather() {
  for (std::uint32_t i = 0; i < gather_rounds && budget_.is_overloaded(); ++i) {
    if (!uring_.has_completions()) uring_.wait({.completions = 0});
    const std::uint32_t handled = uring_.complete(
        options_.turn, [this](const io_uring_cqe& completion) { dispatch(completion); });
    handled_ += handled;
    if (handled == 0 || queue_.full()) return;
  }
}

void Loop::serve_waiting() {
  if (queue_.empty()) return;
  TurnReport report;
  queue_.order();
  while (const auto next = queue_.next()) {
    const Waiting& waiting = waiting_[next->item];
    now_ = read_clock();
    const TurnBudget::Verdict verdict = budget_.verdict(now_, next->precedence);
    serve(waiting.letter, verdict);
    ++report.requests;
    report.served += verdict == TurnBudget::Verdict::serve;
    report.unread += verdict == TurnBudget::Verdict::leave;
    give_back(waiting.letter, waiting.owner);
  }
  waiting_.clear();
  engine_.turn_ended(now_, report);
}

void Loop::serve(const Letter& letter, TurnBudget::Verdict verdict) {
  switch (verdict) {
    case TurnBudget::Verdict::serve: return handle(letter);
    case TurnBudget::Verdict::refuse:
      engine_.turn_away(now_, {{letter.bytes, letter.size}, letter.source, letter.flow});
      return drain();
    case TurnBudget::Verdict::leave: return;
  }
}

// To the shard that received it.
void Loop::give_back(const Letter& letter, std::uint32_t owner) {
  if (owner == shard_) return receive_ring_.give_back(letter.buffer);
  const bool returned = mailboxes_.between(owner, shard_).returns.push(letter.buffer);
  SIPRING_ASSERT(returned);
  returned_to_[owner] = 1;
}

}  // namespace sipring
