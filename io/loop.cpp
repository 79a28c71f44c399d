// The turn, and what comes from and goes to the network. Letters between shards are in
// loop_mail.cpp.
// SPDX-License-Identifier: MIT
#include <sipring/io/loop.h>

#include <sipring/io/clock.h>
#include <sipring/pools/assert.h>

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <variant>

namespace sipring {
namespace {

constexpr Duration publish_interval = std::chrono::milliseconds(50);
constexpr std::uint32_t busy_turn = 8;  // completions; more will be waiting already
constexpr std::uint32_t flush_rounds =
    4;  // a failed send may make the engine send again, and fail again
constexpr std::uint32_t errors_a_turn = 64;  // off one socket's error queue
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
      listeners_(place.listeners),
      budget_(options_.turn_limits),
      queue_(receive_ring.capacity(), place.steering->seed(), memory),
      waiting_(&memory),
      shared_(place.mailboxes->shards() > 1),
      wrote_to_(place.mailboxes->shards(), 0),
      returned_to_(place.mailboxes->shards(), 0),
      lent_to_(place.mailboxes->shards(), 0) {
  waiting_.reserve(receive_ring.capacity());
  SendOptions sends{.capacity = sends_in_flight, .segments = options_.segments};
  for (std::uint32_t i = 0; i < listeners_; ++i)
    ports_.emplace_back(place.sockets[i], i, sends, memory);
  sends.connected = true;
  for (std::size_t i = 0; i < place.trunks.size(); ++i)
    ports_.emplace_back(place.sockets[listeners_ + i], place.trunks[i].listener, sends, memory);
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
  if (uring_.has_completions()) wait.completions = 0;
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

void Loop::on_receive(std::uint32_t port, std::int32_t result, std::uint32_t flags) {
  if ((flags & IORING_CQE_F_MORE) == 0) ports_[port].receiving = false;
  if (result < 0) {
    SIPRING_ASSERT(result != -EBADF && result != -EFAULT && result != -EINVAL);
    if (result == -ENOBUFS) {
      ++counters_.enobufs_rearmed;
    } else if (result != -ECANCELED && result != -EAGAIN && result != -EINTR) {
      ++counters_.receive_errors;
      take_errors(port);
    }
    return;
  }
  const auto buffer = static_cast<BufferId>(flags >> IORING_CQE_BUFFER_SHIFT);
  receive_ring_.taken_by_kernel();
  arrived(port, buffer, receive_ring_.datagram(buffer, static_cast<std::uint32_t>(result)));
}

void Loop::on_readable(std::uint32_t port, std::int32_t result) {
  ports_[port].receiving = false;
  if (result < 0) return;
  if ((result & POLLERR) != 0) take_errors(port);
  receive_batch(port);
}

void Loop::on_writable(std::uint32_t port) {
  ports_[port].awaiting_room = false;
  flush_port(ports_[port]);
}

// Without multishot receive: one recvmmsg for what is there. More is found by the next poll.
void Loop::receive_batch(std::uint32_t port) {
  mmsghdr messages[ReceiveRing::spares];
  iovec octets[ReceiveRing::spares];
  BufferId buffers[ReceiveRing::spares];
  std::uint32_t count = 0;
  for (; count < ReceiveRing::spares; ++count) {
    const auto buffer = receive_ring_.take_spare();
    if (!buffer) break;
    buffers[count] = *buffer;
    octets[count] = {receive_ring_.payload(*buffer), ReceiveRing::max_datagram};
    messages[count] = {};
    messages[count].msg_hdr.msg_name = receive_ring_.source(*buffer);
    messages[count].msg_hdr.msg_namelen = sizeof(SocketAddress);
    messages[count].msg_hdr.msg_iov = &octets[count];
    messages[count].msg_hdr.msg_iovlen = 1;
  }
  const int received = ::recvmmsg(ports_[port].socket.fd(), messages, count, MSG_DONTWAIT, nullptr);
  ++counters_.system_calls;
  if (received < 0 && errno != EAGAIN && errno != EINTR) {
    ++counters_.receive_errors;
    take_errors(port);
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    if (static_cast<int>(i) >= received) {
      receive_ring_.give_back(buffers[i]);
      continue;
    }
    const std::string_view bytes(receive_ring_.payload(buffers[i]), messages[i].msg_len);
    arrived(port, buffers[i],
            {bytes, receive_ring_.source(buffers[i]),
             (messages[i].msg_hdr.msg_flags & MSG_TRUNC) != 0});
  }
}

void Loop::arrived(std::uint32_t port, BufferId buffer, const ReceivedDatagram& received) {
  ++counters_.datagrams_received;
  counters_.bytes_received += received.bytes.size();
  if (received.truncated) {
    ++counters_.truncated;
    return receive_ring_.give_back(buffer);
  }
  Letter letter{received.bytes.data(),
                static_cast<std::uint32_t>(received.bytes.size()),
                buffer,
                Letter::Kind::datagram,
                {ports_[port].listener, 1},
                to_network_address(*received.source, Transport::udp)};
  if (received.segment == 0 || received.segment >= letter.size) return sort(letter);
  const std::uint32_t pieces = (letter.size + received.segment - 1) / received.segment;
  counters_.datagrams_received += pieces - 1;
  ++counters_.runs_received;
  receive_ring_.share(buffer, pieces - 1);
  for (std::uint32_t left = letter.size; left != 0; left -= letter.size) {
    letter.size = std::min(received.segment, left);
    sort(letter);
    letter.bytes += letter.size;
  }
}

// To its home shard.
void Loop::sort(const Letter& letter) {
  if (shared_) {
    const std::string_view bytes(letter.bytes, letter.size);
    std::uint32_t home = steering_.home_of_datagram(bytes).value_or(shard_);
    if (draining_ && home == shard_) home = home_while_draining(bytes);
    if (home != shard_) {
      if (!hand_over(home, letter)) receive_ring_.give_back(letter.buffer);
      return;
    }
  }
  if (make_wait(letter, shard_)) return;
  handle(letter);
  receive_ring_.give_back(letter.buffer);
  look_at_the_time(counters_.datagrams_received);
}

void Loop::handle(const Letter& letter) {
  const std::string_view bytes(letter.bytes, letter.size);
  if (letter.kind == Letter::Kind::datagram) {
    engine_.receive(now_, Datagram{bytes, letter.source, letter.flow});
  } else {
    engine_.transport_failed(now_, bytes);
  }
  drain();
}

// ICMP errors about what we sent, each with the start of it. They end up on a shard by the peer's
// address, not by the call.
void Loop::take_errors(std::uint32_t port) {
  for (std::uint32_t i = 0; i < errors_a_turn; ++i) {
    const auto buffer = receive_ring_.take_spare();
    if (!buffer) return;
    ++counters_.system_calls;
    const auto error =
        ports_[port].socket.take_error({receive_ring_.payload(*buffer), ReceiveRing::max_datagram});
    bool lent = false;
    if (error) {
      ++counters_.icmp_errors;
      // "Packet too big" is no failure: the retransmission is fragmented.
      if (!error->quoted.empty() && error->error_number != EMSGSIZE) {
        const Letter letter{error->quoted.data(),
                            static_cast<std::uint32_t>(error->quoted.size()),
                            *buffer,
                            Letter::Kind::undelivered,
                            {ports_[port].listener, 1},
                            {}};
        const std::uint32_t home =
            shared_ && !silent_ ? steering_.home_of_undelivered(error->quoted).value_or(shard_)
                                : shard_;
        lent = home != shard_ && hand_over(home, letter);
        if (home == shard_) handle(letter);
      }
    }
    if (!lent) receive_ring_.give_back(*buffer);
    if (!error) return;
  }
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

void Loop::transmit(Transmit&& transmit) {
  Port* const port = port_towards(transmit.destination, transmit.flow);
  if (port == nullptr) {
    ++counters_[SendFailure::unreachable];
    return engine_.transport_failed(now_, transmit.bytes->view());
  }
  if (port->sends.is_full() && !port->awaiting_room) flush_port(*port);
  if (!port->sends.push(std::move(transmit))) ++counters_.send_queue_full;
}

// The listener's, or that of its trunk; null when it cannot be reached from there.
Loop::Port* Loop::port_towards(const NetworkAddress& destination, Flow flow) {
  if (flow.slot >= listeners_) return nullptr;
  for (std::uint32_t i = listeners_; i < ports_.size(); ++i) {
    if (ports_[i].listener == flow.slot && ports_[i].socket.peer() == destination)
      return &ports_[i];
  }
  Port& port = ports_[flow.slot];
  return port.socket.bound_address().ip.family == destination.ip.family ? &port : nullptr;
}

void Loop::flush() {
  for (std::uint32_t round = 0; round < flush_rounds; ++round) {
    bool failed = false;
    for (std::uint32_t i = 0; i < ports_.size(); ++i) {
      Port& port = ports_[i];
      if (port.sends.size() != 0 && !port.awaiting_room) flush_port(port);
      if (port.sends.take_error_seen()) take_errors(i);
      failed |= tell_failures(port);
    }
    if (!failed) return;
  }
}

void Loop::flush_port(Port& port) {
  const Instant start = read_clock();
  const SendQueue::State state = port.sends.flush(counters_);
  counters_.sending += read_clock() - start;
  if (state == SendQueue::State::idle) return;
  port.awaiting_room = true;
  const auto index = static_cast<std::uint32_t>(
      std::find_if(ports_.begin(), ports_.end(), [&](Port& other) { return &other == &port; }) -
      ports_.begin());
  io_uring_sqe& submission = uring_.submission();
  io_uring_prep_poll_add(&submission, static_cast<int>(index), POLLOUT);
  submission.flags |= IOSQE_FIXED_FILE;
  io_uring_sqe_set_data64(&submission, CompletionToken{Op::writable, index, 0}.pack());
}

bool Loop::tell_failures(Port& port) {
  bool any = false;
  while (const auto failure = port.sends.next_failure()) {
    engine_.transport_failed(now_, (*failure)->view());
    drain();
    any = true;
  }
  return any;
}

void Loop::arm() {
  for (std::uint32_t i = 0; i < ports_.size(); ++i) {
    if (ports_[i].receiving || starving()) continue;
    ports_[i].receiving = true;
    io_uring_sqe& submission = uring_.submission();
    Op op = Op::receive;
    if (receive_ring_.is_provided()) {
      receive_ring_.prepare(submission, i);
    } else {
      op = Op::readable;
      io_uring_prep_poll_add(&submission, static_cast<int>(i), POLLIN);
      submission.flags |= IOSQE_FIXED_FILE;
    }
    io_uring_sqe_set_data64(&submission, CompletionToken{op, i, 0}.pack());
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
