// The turn: what a shard does from one wait to the next.
// SPDX-License-Identifier: MIT
#include <sipring/io/loop.h>

#include <sipring/io/clock.h>

#include <sys/resource.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace sipring {
namespace {

constexpr Duration publish_interval = std::chrono::milliseconds(50);
constexpr std::uint32_t busy_turn = 8;  // completions; more will be waiting already
constexpr Duration close_patience = std::chrono::milliseconds(10);

Duration of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

Loop::Loop(const Place& place, Uring& uring, ReceiveRing& receive_ring,
           std::uint32_t sends_in_flight, Engine& engine, TransactionUser& user,
           std::pmr::memory_resource& memory)
    : shard_(place.shard),
      options_(*place.options),
      mailboxes_(*place.mailboxes),
      doorbell_(place.mailboxes->doorbell(place.shard)),
      wake_targets_(place.wake_targets),
      roster_(*place.roster),
      steering_(*place.steering),
      published_(*place.published),
      uring_(uring),
      receive_ring_(receive_ring),
      engine_(engine),
      user_(user),
      listeners_(static_cast<std::uint32_t>(place.listeners.size())),
      budget_(options_.turn_limits),
      queue_(receive_ring.max_datagrams(), place.steering->seed(), memory),
      waiting_(&memory),
      shared_(place.mailboxes->shards() > 1),
      unreachable_(sends_in_flight, memory),
      wrote_to_(place.mailboxes->shards(), 0),
      returned_to_(place.mailboxes->shards(), 0),
      lent_to_(place.mailboxes->shards(), 0) {
  waiting_.reserve(receive_ring.max_datagrams());
  SendOptions sends{.capacity = sends_in_flight, .segments = options_.segments};
  for (std::uint32_t i = 0; i < listeners_; ++i)
    ports_.emplace_back(place.sockets[i], place.listeners[i].flow, sends, memory);
  sends.connected = true;
  for (std::size_t i = 0; i < place.trunks.size(); ++i)
    ports_.emplace_back(place.sockets[listeners_ + i],
                        place.listeners[place.trunks[i].listener].flow, sends, memory);
}

void Loop::run() {
  now_ = woke_ = published_at_ = read_clock();
  budget_.begin(now_);
  arm_wake();
  advance();
  flush();
  arm();
  while (!stopping_) turn();
  wind_up();
  close();
  publish(true);
}

void Loop::turn() {
  wait();
  handled_ = uring_.complete(options_.turn,
                             [this](const io_uring_cqe& completion) { dispatch(completion); });
  if (shared_) {
    look_at_roster();
    take_letters();
  }
  if (budget_.is_overloaded()) {
    gather();
    serve_waiting();
  }
  advance();
  flush();
  if (shared_) ring_bells();
  receive_ring_.publish();
  arm();
  ++counters_.turns;
  counters_.completions += handled_;
  unpublished_ |= handled_ != 0;
  publish(false);
  if (draining_) watch_drain();
}

void Loop::wait() {
  const Instant before = read_clock();
  counters_.busy += before - woke_;
  counters_.turn_lengths.record(before - woke_);
  budget_.end(before);
  if (!poll_when_busy()) {
    UringWait wait = how_to_wait(before);
    if (shared_ && wait.completions != 0) {
      doorbell_.going_to_sleep(starving() ? Doorbell::Sleep::for_buffers
                                          : Doorbell::Sleep::for_letters);
      if (has_mail(starving())) wait.completions = 0;
    }
    uring_.wait(wait);
    if (shared_) doorbell_.awake();
  }
  now_ = woke_ = read_clock();
  budget_.begin(now_);
}

// A shard with much to do is not going to sleep, and must not look as if: others would ring for it
// at every turn. True when there were completions.
bool Loop::poll_when_busy() {
  if (!shared_ || handled_ < busy_turn || uring_.has_completions()) return false;
  uring_.wait({.completions = 0});
  return uring_.has_completions();
}

UringWait Loop::how_to_wait(Instant before) {
  UringWait wait;
  Instant deadline = std::min(engine_.next_deadline(), user_.next_deadline());
  if (leaving_) deadline = leaving_deadline();
  if (unpublished_) deadline = std::min(deadline, published_at_ + publish_interval);
  if (deadline != never) wait.at_most = deadline - before;
  if (options_.batching && uring_.features().minimum_wait) {
    wait.completions = options_.batching->completions;
    wait.minimum = options_.batching->at_most;
    wait.at_most = std::max(wait.at_most, wait.minimum);  // what is due is gathered, too
  }
  if (uring_.has_completions() || !unreachable_.empty()) wait.completions = 0;
  return wait;
}

void Loop::dispatch(const io_uring_cqe& completion) {
  const CompletionToken token = CompletionToken::unpack(completion.user_data);
  switch (token.op) {
    case Op::receive: return on_receive(token.slot, completion.res, completion.flags);
    case Op::readable: return on_readable(token.slot, completion.res);
    case Op::writable: return on_writable(token.slot);
    case Op::wake: return on_wake(token.slot);
    case Op::ring_bell: return on_bell_failed(token.slot);
    case Op::cancel: return;
  }
}

void Loop::handle(const Letter& letter) {
  const std::string_view bytes(letter.bytes, letter.size);
  if (letter.kind == Letter::Kind::datagram) {
    engine_.receive(now_, Received{bytes, letter.source, letter.flow});
  } else {
    engine_.transport_failed(now_, bytes);
  }
  drain();
}

// A shard that leaves sends nothing more: what is left of its transactions ends with it.
void Loop::advance() {
  if (leaving_) return;
  if (engine_.next_deadline() <= now_) {
    engine_.advance(now_);
    drain();
    unpublished_ = true;
  }
  if (user_.next_deadline() <= now_) {
    user_.advance(engine_, now_);
    drain();
    unpublished_ = true;
  }
}

// One input, then outputs until there are none.
void Loop::drain() {
  while (std::optional<Output> output = engine_.next_output()) {
    if (auto* octets = std::get_if<Transmit>(&*output)) {
      transmit(std::move(*octets));
    } else {
      user_.on_output(engine_, now_, *output);
    }
  }
}

void Loop::publish(bool at_once) {
  if (!at_once && (!unpublished_ || now_ - published_at_ < publish_interval)) return;
  rusage usage{};
  (void)::getrusage(RUSAGE_THREAD, &usage);
  Metrics metrics{engine_.counters(), counters_, engine_.pool_use(),      of(usage.ru_utime),
                  of(usage.ru_stime), now_,      engine_.last_malformed()};
  metrics.io.system_calls += uring_.system_calls();
  published_.publish(metrics);
  published_at_ = now_;
  unpublished_ = false;
}

// The kernel must be done with our memory before it goes: cancel everything and wait for the answer
// to that.
void Loop::close() {
  io_uring_sqe& submission = uring_.submission();
  io_uring_prep_cancel64(&submission, 0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
  io_uring_sqe_set_data64(&submission, CompletionToken{Op::cancel, 0, 0}.pack());
  bool cancelled = false;
  for (int i = 0; i < 100 && !cancelled; ++i) {
    uring_.wait({.at_most = close_patience});
    (void)uring_.complete(~0U, [&](const io_uring_cqe& completion) {
      cancelled |= CompletionToken::unpack(completion.user_data).op == Op::cancel;
    });
  }
}

}  // namespace sipring
