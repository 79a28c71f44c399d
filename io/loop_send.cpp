// To the network: a queue for each socket, flushed once a turn.
// SPDX-License-Identifier: MIT
#include <sipring/io/loop.h>

#include <sipring/io/clock.h>

#include <poll.h>

#include <algorithm>
#include <utility>

namespace sipring {
namespace {

// A failed send may make the engine send again, and fail again.
constexpr std::uint32_t flush_rounds = 4;

}  // namespace

void Loop::transmit(Transmit&& transmit) {
  Port* const port = port_towards(transmit.destination, transmit.flow);
  if (port == nullptr) {
    ++counters_[SendFailure::unreachable];
    if (transmit.transaction) (void)unreachable_.push(Handle(transmit.transaction));
    return;
  }
  if (port->sends.is_full() && !port->awaiting_room) flush_port(*port);
  if (!port->sends.push(std::move(transmit))) ++counters_.send_queue_full;
}

// The listener's, or that of its trunk; null when it cannot be reached from there.
Loop::Port* Loop::port_towards(const NetworkAddress& destination, Flow flow) {
  Port* const listener = listener_towards(destination, flow);
  if (listener == nullptr) return nullptr;
  for (std::uint32_t i = listeners_; i < ports_.size(); ++i) {
    if (ports_[i].listener == listener->listener && ports_[i].socket.peer() == destination)
      return &ports_[i];
  }
  return listener;
}

// The one that `flow` names while it is there, or the first that will do.
Loop::Port* Loop::listener_towards(const NetworkAddress& destination, Flow flow) {
  const auto reaches = [&](const Port& port) {
    const NetworkAddress& bound = port.socket.bound_address();
    return bound.transport == destination.transport && bound.ip.family == destination.ip.family;
  };
  if (!flow) {
    const auto listeners_end = ports_.begin() + listeners_;
    const auto first = std::find_if(ports_.begin(), listeners_end, reaches);
    return first == listeners_end ? nullptr : &*first;
  }
  if (flow.slot >= listeners_ || ports_[flow.slot].listener != flow) return nullptr;
  return reaches(ports_[flow.slot]) ? &ports_[flow.slot] : nullptr;
}

void Loop::flush() {
  for (std::uint32_t round = 0; round < flush_rounds; ++round) {
    bool failed = tell_unreachable();
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

void Loop::on_writable(std::uint32_t port) {
  ports_[port].awaiting_room = false;
  flush_port(ports_[port]);
}

bool Loop::tell_failures(Port& port) {
  bool any = false;
  while (const auto failure = port.sends.next_failure()) {
    engine_.transmit_failed(now_, *failure);
    drain();
    any = true;
  }
  return any;
}

// After the drain that put them out. What comes of it may be unreachable, too: that is for the next
// round.
bool Loop::tell_unreachable() {
  const std::uint32_t count = unreachable_.size();
  for (std::uint32_t i = 0; i < count; ++i) {
    engine_.transmit_failed(now_, unreachable_.pop());
    drain();
  }
  return count != 0;
}

}  // namespace sipring
