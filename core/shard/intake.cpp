// SPDX-License-Identifier: MIT
#include <sipring/core/shard/detail/intake.h>

#include <utility>

namespace sipring {

Intake::Intake(const Position& position, const TurnLimits& limits, const Knowledge& knowledge,
               std::pmr::memory_resource& memory)
    : shard_(position.shard),
      is_shared_(position.shards > 1),
      knows_(knowledge),
      budget_(limits),
      queue_(position.capacity, knowledge.steering.seed(), memory),
      waiting_(&memory) {
  waiting_.reserve(position.capacity);
}

Intake::Decision Intake::decide(const Letter& letter, std::uint32_t from) {
  ++decided_;
  if (is_shared_) {
    const std::uint32_t home = home_of(letter, from);
    if (home != shard_) return {Fate::elsewhere, home};
  }
  if (!is_overloaded() || !has_room()) return {Fate::serve, shard_};
  keep(letter, from);
  return {Fate::wait, shard_};
}

// Whoever writes a letter has found its home; only a shard that drains looks again.
std::uint32_t Intake::home_of(const Letter& letter, std::uint32_t from) const {
  if (!knows_.leaving.writes_letters()) return shard_;
  const std::string_view bytes = letter.bytes();
  if (letter.kind == Letter::Kind::undelivered) {
    return from == shard_ ? knows_.steering.home_of_undelivered(bytes).value_or(shard_) : shard_;
  }
  const std::uint32_t home =
      from == shard_ ? knows_.steering.home_of_datagram(bytes).value_or(shard_) : shard_;
  return home == shard_ && knows_.leaving.drains() ? home_while_draining(bytes) : home;
}

// What has begun here stays. Anything else goes to where its slot will be when this shard is gone.
std::uint32_t Intake::home_while_draining(std::string_view bytes) const {
  if (!knows_.engine.begins_anew(bytes)) return shard_;
  return knows_.steering.next_home_of_datagram(bytes).value_or(shard_);
}

void Intake::keep(const Letter& letter, std::uint32_t from) {
  const bool is_message = letter.kind == Letter::Kind::received;
  const Precedence precedence =
      is_message ? guess_precedence(letter.bytes()) : Precedence::in_dialog;
  queue_.add(static_cast<std::uint32_t>(waiting_.size()), precedence, letter.peer.ip);
  waiting_.push_back({letter, from});
}

std::optional<Intake::Due> Intake::next(Instant now) {
  const auto entry = queue_.next();
  if (!entry) {
    waiting_.clear();
    return std::nullopt;
  }
  const Waiting& waiting = waiting_[entry->item];
  Due due{waiting.letter, waiting.from, Fate::serve};
  due.fate = fate_of(budget_.verdict(now, entry->precedence), *entry, waiting.letter);
  if (due.fate == Fate::serve) ++report_.served;
  if (due.fate == Fate::leave) ++report_.unread;
  ++report_.requests;
  return due;
}

// Nobody repeats what has come over a stream: it gets an answer, and what can have none (an ACK, a
// response), or ends something, is served.
Intake::Fate Intake::fate_of(TurnBudget::Verdict verdict, const TurnQueue::Entry& entry,
                             const Letter& letter) {
  if (verdict == TurnBudget::Verdict::serve) return Fate::serve;
  if (letter.flow.is_connection())
    return entry.precedence == Precedence::in_dialog ? Fate::serve : Fate::refuse;
  return verdict == TurnBudget::Verdict::refuse ? Fate::refuse : Fate::leave;
}

TurnReport Intake::take_report() {
  return std::exchange(report_, {});
}

}  // namespace sipring
