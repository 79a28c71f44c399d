// SPDX-License-Identifier: MIT
#include <sipring/io/reception.h>

#include <sipring/io/clock.h>

#include <cstddef>

namespace sipring {
namespace {

Received received(const Letter& letter) {
  return {letter.bytes(), letter.peer, letter.flow, letter.listener};
}

}  // namespace

// Serving one may come upon errors of what was sent before: they stand behind the others.
void Reception::take_arrivals(Instant now) {
  for (std::size_t i = 0; i < parts_.arrivals.size(); ++i) {
    const Letter letter = parts_.arrivals[i];
    take(now, letter, parts_.shard);
  }
  parts_.arrivals.clear();
}

bool Reception::take_mail(Instant now) {
  if (parts_.post.is_alone()) return false;
  bool any = false;
  parts_.post.take_receipts([this](Loan loan) { parts_.udp.give_back(loan); });
  parts_.post.take_letters(parts_.turn, [&](const Letter& letter, std::uint32_t from) {
    any = true;
    take(now, letter, from);
  });
  return any;
}

void Reception::take(Instant now, const Letter& letter, std::uint32_t from) {
  if (letter.kind == Letter::Kind::transmit) return carry(letter, from);
  const Intake::Decision decision = parts_.intake.decide(letter, from);
  switch (decision.fate) {
    case Intake::Fate::elsewhere: return pass_on(now, letter, from, decision.shard);
    case Intake::Fate::wait: return;
    case Intake::Fate::serve:
    case Intake::Fate::refuse:
    case Intake::Fate::leave: break;
  }
  serve(now, letter);
  release(letter.loan, from);
  if (parts_.intake.wants_time()) parts_.intake.look(read_clock());
}

// What does not find room there is dropped, as a full socket would drop it. A letter lies in a
// buffer of its sender's, who wants that back from us: it goes on as a copy, and without room for
// one it begins here after all.
void Reception::pass_on(Instant now, const Letter& letter, std::uint32_t from, std::uint32_t to) {
  if (from == parts_.shard) {
    if (!parts_.post.send(to, letter)) parts_.udp.give_back(letter.loan);
    return;
  }
  if (const auto copy = parts_.udp.copy(letter)) {
    if (!parts_.post.send(to, *copy)) parts_.udp.give_back(copy->loan);
  } else {
    serve(now, letter);
  }
  release(letter.loan, from);
}

// Octets of another shard that are to leave by a connection of ours. A UDP port has none: its
// listener is everybody's, so each sends by itself.
void Reception::carry(const Letter& letter, std::uint32_t from) {
  ++parts_.counters[SendFailure::unreachable];
  parts_.post.give_receipt(from, {letter.loan, Receipt::Outcome::failed});
}

void Reception::serve(Instant now, const Letter& letter) {
  if (letter.kind == Letter::Kind::undelivered) {
    parts_.engine.transport_failed(now, letter.bytes());
  } else {
    parts_.engine.receive(now, received(letter));
  }
  parts_.outputs.drain(now);
}

void Reception::refuse(Instant now, const Letter& letter) {
  parts_.engine.turn_away(now, received(letter));
  parts_.outputs.drain(now);
}

Instant Reception::serve_waiting(Instant now) {
  if (!parts_.intake.is_waiting()) return now;
  parts_.intake.order();
  while (const auto due = parts_.intake.next(now = read_clock())) {
    if (due->fate == Intake::Fate::serve) serve(now, due->letter);
    if (due->fate == Intake::Fate::refuse) refuse(now, due->letter);
    release(due->letter.loan, due->from);
  }
  parts_.engine.turn_ended(now, parts_.intake.take_report());
  return now;
}

// To the shard whose octets they are.
void Reception::release(Loan loan, std::uint32_t owner) {
  if (owner == parts_.shard) return parts_.udp.give_back(loan);
  parts_.post.give_receipt(owner, {loan, Receipt::Outcome::done});
}

}  // namespace sipring
