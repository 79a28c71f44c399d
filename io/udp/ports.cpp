// Ports that come and go, and what is sent through them.
// SPDX-License-Identifier: MIT
#include <sipring/io/udp/ports.h>

#include <sipring/io/clock.h>
#include <sipring/pools/assert.h>

#include <poll.h>

#include <cstring>
#include <utility>

namespace sipring {

UdpPorts::Port::Port(UdpSocket&& its_socket, Flow its_listener, SendRoom& room,
                     std::uint32_t number)
    : socket(std::move(its_socket)),
      listener(its_listener),
      sends(room, {socket.fd(), number, socket.peer().has_value()}) {}

UdpPorts::UdpPorts(const Parts& parts, const SendOptions& sends, std::uint32_t first_file,
                   std::uint32_t trunks, std::pmr::memory_resource& memory)
    : parts_(parts),
      first_file_(first_file),
      room_(sends, parts.failed, memory),
      ports_(max_listeners + trunks, &memory),
      generations_(max_listeners + trunks, 0U, &memory),
      dirty_(&memory),
      unarmed_(&memory) {
  dirty_.reserve(ports_.size());
  unarmed_.reserve(ports_.size());
}

void UdpPorts::open(UdpSocket socket, Flow listener) {
  begin(listener.slot, std::move(socket), listener);
}

void UdpPorts::open_trunk(UdpSocket socket, Flow listener) {
  std::uint32_t number = max_listeners;
  while (ports_[number]) ++number;  // there are as many places as trunks
  begin(number, std::move(socket), listener);
  Port& its_listener = *ports_[listener.slot];
  ports_[number]->next_trunk = std::exchange(its_listener.next_trunk, number);
}

void UdpPorts::begin(std::uint32_t number, UdpSocket&& socket, Flow listener) {
  SIPRING_ASSERT(number < ports_.size() && !ports_[number]);
  if (parts_.ring.is_provided()) (void)socket.gather();  // recvmmsg has no room for a run's size
  parts_.uring.set_file(first_file_ + number, socket.fd());
  ++generations_[number];
  ports_[number].emplace(std::move(socket), listener, room_, number);
  want_arming(number);
}

void UdpPorts::close(Flow listener) {
  std::uint32_t number = number_of(listener);
  while (number != none) {
    const std::uint32_t next = ports_[number]->next_trunk;
    close_port(number);
    number = next;
  }
}

// The kernel must be done with a socket before its place is another's.
void UdpPorts::close_port(std::uint32_t number) {
  Port& port = *ports_[number];
  port.is_closing = true;
  ++closing_;
  if (port.receives) cancel_receive(number);
  if (port.awaits_room) {
    io_uring_sqe& submission = parts_.uring.submission();
    io_uring_prep_cancel64(&submission, token(UdpOp::writable, number).pack(), 0);
    io_uring_sqe_set_data64(&submission, token(UdpOp::cancel, number).pack());
  }
  end_if_done(number);
}

void UdpPorts::end_if_done(std::uint32_t number) {
  Port& port = *ports_[number];
  if (!port.is_closing || port.receives || port.awaits_room) return;
  if (port.is_dirty) std::erase(dirty_, number);
  if (port.is_unarmed) std::erase(unarmed_, number);
  parts_.uring.set_file(first_file_ + number, -1);
  ports_[number].reset();
  --closing_;
}

// `none` when the listener is not open, or no more.
std::uint32_t UdpPorts::number_of(Flow listener) const {
  if (!listener.is_listener() || listener.slot >= max_listeners) return none;
  const std::optional<Port>& port = ports_[listener.slot];
  return port && port->listener == listener && !port->is_closing ? listener.slot : none;
}

// The listener's, or that of its trunk; null when the flow is stale, or the destination cannot be
// reached from there.
UdpPorts::Port* UdpPorts::port_of(Flow flow, const NetworkAddress& destination) {
  const auto reaches = [&](const std::optional<Port>& port) {
    if (!port || port->is_closing) return false;
    const NetworkAddress& bound = port->socket.bound_address();
    return bound.transport == destination.transport && bound.ip.family == destination.ip.family;
  };
  std::uint32_t number = number_of(flow);
  if (!flow) {
    for (number = 0; number < max_listeners && !reaches(ports_[number]);) ++number;
  }
  if (number >= max_listeners) return nullptr;
  Port& port = *ports_[number];
  for (std::uint32_t i = port.next_trunk; i != none; i = ports_[i]->next_trunk) {
    if (ports_[i]->socket.peer() == destination) return &*ports_[i];
  }
  return reaches(ports_[number]) ? &port : nullptr;
}

void UdpPorts::send(Transmit&& message, Arrivals& arrivals) {
  Port* const port = port_of(message.flow, message.destination);
  if (port == nullptr) {
    ++parts_.counters[SendFailure::unreachable];
    return parts_.failed.add(message.transaction);
  }
  if (room_.is_full()) flush(arrivals);
  if (!port->sends.push(std::move(message))) ++parts_.counters.send_queue_full;
  mark_dirty(port->sends.number());
}

void UdpPorts::mark_dirty(std::uint32_t number) {
  if (!std::exchange(ports_[number]->is_dirty, true)) dirty_.push_back(number);
}

void UdpPorts::flush(Arrivals& arrivals) {
  for (const std::uint32_t number : dirty_) {
    Port& port = *ports_[number];
    port.is_dirty = false;
    if (!port.awaits_room) flush_port(number);
    if (port.sends.take_error_seen()) take_errors(port, arrivals);
  }
  dirty_.clear();
}

void UdpPorts::flush_port(std::uint32_t number) {
  Port& port = *ports_[number];
  if (port.sends.size() == 0) return;
  const Instant start = read_clock();
  const SendQueue::State state = port.sends.flush(parts_.counters);
  parts_.counters.sending += read_clock() - start;
  if (state == SendQueue::State::idle) return;
  port.awaits_room = true;
  io_uring_sqe& submission = parts_.uring.submission();
  io_uring_prep_poll_add(&submission, static_cast<int>(first_file_ + number), POLLOUT);
  submission.flags |= IOSQE_FIXED_FILE;
  io_uring_sqe_set_data64(&submission, token(UdpOp::writable, number).pack());
}

std::optional<Letter> UdpPorts::copy(const Letter& letter) {
  const auto buffer = parts_.ring.take_spare();
  if (!buffer) return std::nullopt;
  Letter copy = letter;
  copy.loan = {Loan::Of::receive_buffer, *buffer};
  copy.octets =
      static_cast<char*>(std::memcpy(parts_.ring.payload(*buffer), letter.octets, letter.size));
  return copy;
}

void UdpPorts::leave_groups() {
  for (std::optional<Port>& port : ports_) {
    if (port) port->socket.leave_group();
  }
}

CompletionToken UdpPorts::token(UdpOp op, std::uint32_t number) const {
  return CompletionToken::of(op, number, generations_[number]);
}

}  // namespace sipring
