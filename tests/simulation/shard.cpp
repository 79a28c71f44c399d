// SPDX-License-Identifier: MIT
#include "tests/simulation/shard.h"

#include <algorithm>
#include <memory_resource>
#include <utility>

#include "tests/simulation/broken.h"

namespace sipring::simulation {
namespace {

constexpr std::uint32_t letters_a_turn = 8;  // of each other shard
constexpr std::uint64_t one_of = 64;         // a canary's

std::pmr::memory_resource& memory() {
  return *std::pmr::new_delete_resource();
}

}  // namespace

Shard::Shard(Common& common, std::uint32_t number, SimulatedUser& user)
    : common_(common),
      number_(number),
      listener_(Flow::of_listener(0)),
      engine_({common.address, static_cast<std::uint8_t>(number)}, common.weights, common.random,
              common.canary, *this, user),
      failed_(common.weights.sends_in_flight + 64, memory()),
      post_(common.mailboxes, number, common.weights.sends_in_flight, counters_, failed_, memory()),
      steering_(common.mailboxes.shards(), common.truth.seed()),
      intake_({number, common.mailboxes.shards(), common.weights.receive_buffers},
              common.weights.turn_limits, {steering_, leaving_, engine_.engine()}, memory()),
      buffers_(common.weights.receive_buffers) {
  for (std::uint32_t i = 0; i < buffers_.size(); ++i) free_buffers_.push_back(i);
  (void)post_.may_sleep(false);
}

void Shard::arrive(Instant now, const Packet& packet) {
  const auto buffer = fill_buffer(packet.bytes);
  if (!buffer) {
    ++lost_;
    return;
  }
  const bool is_stream = is_reliable(packet.source.transport);
  if (is_stream && common_.random.chance(common_.weights.reset)) connections().close_all();
  arrivals_.push_back(
      {.octets = buffers_[*buffer].data(),
       .size = static_cast<std::uint32_t>(packet.bytes.size()),
       .kind = packet.is_bounce ? Letter::Kind::undelivered : Letter::Kind::received,
       .loan = {Loan::Of::receive_buffer, *buffer},
       .flow = is_stream && !packet.is_bounce ? connections().to(packet.source) : listener_,
       .listener = listener_,
       .peer = packet.source});
  wake(now);
}

// Not before the turn that it is in has ended.
void Shard::wake(Instant at) {
  turn_at_ = std::min(turn_at_, std::max(at, busy_until_));
}

Instant Shard::next_event() const {
  return leaving_.fires_timers() ? std::min(turn_at_, engine_.next_deadline()) : turn_at_;
}

// The time that a message takes is the machine's; to the engine a turn takes none.
Instant Shard::clock(Instant now) {
  busy_until_ = std::max(busy_until_, now);
  return busy_until_;
}

// As io/detail/loop.cpp has it.
void Shard::turn(Instant now) {
  turn_at_ = never;
  is_in_turn_ = true;
  post_.awake();
  intake_.begin_turn(clock(now));
  const bool has_come = !arrivals_.empty();
  for (std::deque<Letter> arrivals = std::exchange(arrivals_, {}); !arrivals.empty();) {
    take(now, arrivals.front(), number_);
    arrivals.pop_front();
  }
  follow_orders(now, has_come);
  take_mail(now);
  if (intake_.is_overloaded() && intake_.is_waiting()) serve_waiting(now);
  if (leaving_.fires_timers() && engine_.next_deadline() <= now) engine_.advance(now);
  tell_failures(now);
  post_.ring_bells([&](std::uint32_t shard) { common_.ring(now, shard); });
  intake_.end_turn(clock(now));
  is_in_turn_ = false;
  if (!post_.may_sleep(free_buffers_.empty()) || failed_.size() != 0) wake(now);
  if (!leaving_.has_ended()) wake(leaving_.next_deadline(now));
}

void Shard::follow_orders(Instant now, bool has_come) {
  Roster& roster = common_.roster;
  if (known_change_ != roster.change()) steering_.place(roster.published());
  known_change_ = roster.change();
  const auto look_around = [&] {
    return Leaving::Sight{.order = roster.order_to(number_),
                          .stop_requested = post_.stop_requested(),
                          .has_come = has_come,
                          .is_receiving = is_receiving_,
                          .has_mail = post_.has_mail() || !post_.has_all_back(),
                          .others_write = !roster.all_are_silent()};
  };
  while (const auto action = leaving_.step(now, look_around())) {
    if (*action == Leaving::Action::leave_groups) is_receiving_ = false;
    if (*action == Leaving::Action::fall_silent) roster.fall_silent();
    if (*action == Leaving::Action::end) roster.report(number_, ShardReport::left);
  }
  roster.acknowledge(number_, known_change_);
  if (!leaving_.drains() || leaving_.has_ended()) return;
  roster.report(number_, engine_.is_at_rest() ? ShardReport::drained : ShardReport::busy);
}

void Shard::take_mail(Instant now) {
  post_.take_receipts([this](Loan loan) { give_back(loan); });
  post_.take_letters(letters_a_turn, [&](const Letter& letter, std::uint32_t from) {
    if (common_.canary.is(Canary::Kind::lost_letter) && ++letters_ % one_of == 0) return;
    ++handled_;
    take(now, letter, from);
  });
}

void Shard::take(Instant now, const Letter& letter, std::uint32_t from) {
  if (letter.kind == Letter::Kind::transmit) {
    const bool has_left = leave_by(now, letter.flow, letter.peer, letter.bytes());
    return release(letter.loan, from, has_left ? Receipt::Outcome::done : Receipt::Outcome::failed);
  }
  const Intake::Decision decision = intake_.decide(letter, from);
  switch (decision.fate) {
    case Intake::Fate::elsewhere: return pass_on(now, letter, from, decision.shard);
    case Intake::Fate::wait: return;
    case Intake::Fate::serve:
    case Intake::Fate::refuse:
    case Intake::Fate::leave: break;
  }
  serve(now, letter, decision.fate);
  release(letter.loan, from);
  if (intake_.wants_time()) intake_.look(clock(now));
}

void Shard::pass_on(Instant now, const Letter& letter, std::uint32_t from, std::uint32_t to) {
  const bool is_mistaken = common_.canary.is(Canary::Kind::wrong_shard) && ++letters_ % one_of == 0;
  if (is_mistaken) return serve(now, letter, Intake::Fate::serve);
  if (from == number_) {
    if (!post_.send(to, letter)) give_back(letter.loan);
    return;
  }
  const auto buffer = fill_buffer(letter.bytes());
  if (!buffer) serve(now, letter, Intake::Fate::serve);
  if (buffer) {
    Letter copy = letter;
    copy.octets = buffers_[*buffer].data();
    copy.loan.number = *buffer;
    if (!post_.send(to, copy)) give_back(copy.loan);
  }
  release(letter.loan, from);
}

void Shard::serve(Instant now, const Letter& letter, Intake::Fate fate) {
  busy_until_ = clock(now) + common_.random.up_to(common_.weights.work);
  if (letter.kind == Letter::Kind::undelivered) return engine_.undelivered(now, letter.bytes());
  check_home(letter);
  const Received received{letter.bytes(), letter.peer, letter.flow, letter.listener};
  if (fate == Intake::Fate::refuse) {
    ++refused_;
    engine_.refuse(now, received);
  } else {
    engine_.receive(now, received);
  }
}

// While a shard drains, whoever follows it may serve as well, and what has begun there stays there.
void Shard::check_home(const Letter& letter) {
  const auto home = common_.truth.home_of_datagram(letter.bytes());
  const auto next = common_.truth.next_home_of_datagram(letter.bytes());
  require(!home || *home == number_ || next == number_ || leaving_.drains(),
          "a message of a call lands on a shard that is not its home");
}

void Shard::serve_waiting(Instant now) {
  intake_.sort();
  while (const auto due = intake_.next(clock(now))) {
    if (due->fate == Intake::Fate::leave) {
      ++unread_;
    } else {
      serve(now, due->letter, due->fate);
    }
    release(due->letter.loan, due->from);
  }
  engine_.turn_ended(now, intake_.take_report());
}

void Shard::tell_failures(Instant now) {
  for (std::uint32_t count = failed_.size(); count > 0; --count) {
    engine_.transmit_failed(now, *failed_.next());
  }
}

void Shard::carry(Instant now, const Transmit& transmit) {
  const Flow flow = transmit.flow;
  if (!flow.is_connection()) {
    require(flow == listener_, "a message leaves through another flow");
    return common_.network.send(now, common_.address, transmit.destination, transmit.bytes->view());
  }
  const bool is_carried = flow.shard == number_
                              ? leave_by(now, flow, transmit.destination, transmit.bytes->view())
                              : leaving_.writes_letters() && post_.send(transmit);
  if (!is_carried) failed_.add(transmit.transaction);
  const bool is_done = is_carried && flow.shard == number_;
  if (!is_done && !is_in_turn_) wake(now);
}

// The connection knows its peer: a response's destination is where another one would be opened to
// (RFC 3261 section 18.2.2).
bool Shard::leave_by(Instant now, Flow flow, const NetworkAddress& destination,
                     std::string_view bytes) {
  const bool is_blind = common_.canary.is(Canary::Kind::stale_flow);
  if (!is_blind && !connections().is_current(flow)) return false;
  const auto& peer = connections().peer_at(flow);
  require(peer && peer->ip == destination.ip, "a message leaves by another's connection");
  common_.network.send(now, common_.address, *peer, bytes);
  return true;
}

Flow Shard::flow_to(const NetworkAddress& destination) {
  if (!is_reliable(destination.transport)) return listener_;
  const std::uint32_t shards = common_.mailboxes.shards();
  return common_.connections[Common::owner_of_connection(destination, shards)].to(destination);
}

void Shard::release(Loan loan, std::uint32_t owner, Receipt::Outcome outcome) {
  if (owner == number_) return give_back(loan);
  if (common_.canary.is(Canary::Kind::lost_receipt) && ++receipts_ % one_of == 0) return;
  post_.give_receipt(owner, {loan, outcome});
}

std::optional<std::uint32_t> Shard::fill_buffer(std::string_view bytes) {
  if (free_buffers_.empty()) return std::nullopt;
  const std::uint32_t buffer = free_buffers_.back();
  free_buffers_.pop_back();
  buffers_[buffer].assign(bytes).append(readable_padding, '\x7f');
  return buffer;
}

// Whoever still looks at it shall notice.
void Shard::give_back(Loan loan) {
  std::ranges::fill(buffers_[loan.number], '\xdd');
  require(std::ranges::count(free_buffers_, loan.number) == 0, "a buffer comes back twice");
  free_buffers_.push_back(loan.number);
}

// Receipts may lie there: nobody is woken for one that can wait.
bool Shard::is_at_rest() const {
  return engine_.is_at_rest() && arrivals_.empty() && turn_at_ == never;
}

void Shard::check_at_rest() {
  post_.take_receipts([this](Loan loan) { give_back(loan); });
  require(post_.has_all_back(), "a receipt is lost");
  require(free_buffers_.size() == buffers_.size(), "a receive buffer is lost");
  engine_.check_at_rest();
}

void Shard::add_to(Account& account) const {
  account.tally += engine_.tally();
  account.counters += engine_.counters();
  account.timers_checked += engine_.timers_checked();
  account.handed_over += counters_.handed_over;
  account.lost_in_mailbox += counters_.hand_over_full + lost_;
  account.refused += refused_;
  account.unread += unread_;
}

}  // namespace sipring::simulation
