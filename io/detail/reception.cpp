// SPDX-License-Identifier: MIT
#include <sipring/io/detail/reception.h>

#include <sipring/io/clock.h>

#include <cstddef>

namespace sipring {
namespace {

Received received(const Letter& letter) {
  return {letter.bytes(), letter.peer, letter.flow, letter.listener};
}

}  // namespace

// To serve one may bring errors of what was sent before: they are added behind the others.
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
  parts_.post.take_receipts([this](Loan loan) { give_back(loan); });
  parts_.post.take_letters(parts_.turn, [&](const Letter& letter, std::uint32_t from) {
    any = true;
    take(now, letter, from);
  });
  return any;
}

void Reception::take(Instant now, const Letter& letter, std::uint32_t from) {
  if (letter.kind == Letter::Kind::transmit) return carry(now, letter, from);
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

void Reception::take_streams(Instant now) {
  while (const std::optional<Received> message = parts_.streams.next_message(now)) {
    take_message(now, *message);
  }
}

// Its octets are gone with the next message, so what is not served at once is copied. Without room
// for that, and where the home does not keep up, it is served here after all: a stream has nobody
// who would send it again.
void Reception::take_message(Instant now, const Received& message) {
  Letter letter{.octets = message.bytes.data(),
                .size = static_cast<std::uint32_t>(message.bytes.size()),
                .kind = Letter::Kind::received,
                .loan = {},
                .flow = message.flow,
                .listener = message.listener,
                .peer = message.source,
                .lane = 0};
  const bool may_stay = !parts_.post.is_alone() || parts_.intake.is_overloaded();
  const std::optional<Loan> loan = may_stay ? parts_.streams.keep(letter) : std::nullopt;
  if (!loan) return serve(now, letter);
  letter.loan = *loan;
  const Intake::Decision decision = parts_.intake.decide(letter, parts_.shard);
  switch (decision.fate) {
    case Intake::Fate::wait: return;
    case Intake::Fate::elsewhere:
      if (parts_.post.send(decision.shard, letter)) return;
      break;
    case Intake::Fate::serve:
    case Intake::Fate::refuse:
    case Intake::Fate::leave: break;
  }
  serve(now, letter);
  give_back(*loan);
}

// What does not find room there is dropped, as a full socket would drop it. A letter lies in a
// buffer of its sender's, who wants that back from us: it goes on as a copy, and without room for
// one it begins here after all.
void Reception::pass_on(Instant now, const Letter& letter, std::uint32_t from, std::uint32_t to) {
  if (from == parts_.shard) {
    if (!parts_.post.send(to, letter)) give_back(letter.loan);
    return;
  }
  if (const auto copy = parts_.udp.copy(letter)) {
    if (!parts_.post.send(to, *copy)) parts_.udp.give_back(copy->loan);
  } else {
    serve(now, letter);
  }
  release(letter.loan, from);
}

// Octets of another shard that are to leave by a connection of ours. They are copied, so that the
// other one has its buffer back at once.
void Reception::carry(Instant now, const Letter& letter, std::uint32_t from) {
  const bool taken = parts_.streams.send_copy(now, letter);
  parts_.post.give_receipt(
      from, {letter.loan, taken ? Receipt::Outcome::done : Receipt::Outcome::failed});
}

void Reception::serve(Instant now, const Letter& letter) {
  if (letter.kind == Letter::Kind::undelivered) {
    parts_.engine.transport_failed(now, letter.bytes());
  } else {
    parts_.engine.receive(now, received(letter));
  }
  parts_.outputs.take_all(now);
}

void Reception::refuse(Instant now, const Letter& letter) {
  parts_.engine.turn_away(now, received(letter));
  parts_.outputs.take_all(now);
}

Instant Reception::serve_waiting(Instant now) {
  if (!parts_.intake.is_waiting()) return now;
  parts_.intake.sort();
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
  if (owner == parts_.shard) return give_back(loan);
  parts_.post.give_receipt(owner, {loan, Receipt::Outcome::done});
}

void Reception::give_back(Loan loan) {
  if (loan.of == Loan::Of::stream_message) return parts_.streams.give_back(loan);
  parts_.udp.give_back(loan);
}

}  // namespace sipring
