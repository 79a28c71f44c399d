// From the network: datagrams and ICMP errors.
// SPDX-License-Identifier: MIT
#include <sipring/io/udp/ports.h>

#include <sipring/pools/assert.h>

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sipring {
namespace {

constexpr std::uint32_t errors_a_turn = UdpPorts::most_arrivals / 2;  // off one socket's queue

}  // namespace

void UdpPorts::on_completion(const CompletionToken& token, const io_uring_cqe& completion,
                             Arrivals& arrivals) {
  const auto op = static_cast<UdpOp>(token.op);
  if (op == UdpOp::cancel) return;
  // A place is free only when the kernel is done with it.
  SIPRING_ASSERT(ports_[token.slot] && token.generation == generations_[token.slot]);
  if (op == UdpOp::receive) {
    on_receive(token.slot, completion, arrivals);
  } else if (op == UdpOp::readable) {
    on_readable(token.slot, completion.res, arrivals);
  } else {
    ports_[token.slot]->awaits_room = false;
    mark_dirty(token.slot);
  }
  end_if_done(token.slot);
}

void UdpPorts::on_receive(std::uint32_t number, const io_uring_cqe& completion,
                          Arrivals& arrivals) {
  if ((completion.flags & IORING_CQE_F_MORE) == 0) ended(number);
  const std::int32_t result = completion.res;
  if (result < 0) {
    SIPRING_ASSERT(result != -EBADF && result != -EFAULT && result != -EINVAL);
    if (result == -ENOBUFS) {
      parts_.counters.enobufs_rearmed += parts_.ring.lend_more() ? 0 : 1;
    } else if (result != -ECANCELED && result != -EAGAIN && result != -EINTR) {
      ++parts_.counters.receive_errors;
      take_errors(*ports_[number], arrivals);
    }
    return;
  }
  const auto buffer = static_cast<BufferId>(completion.flags >> IORING_CQE_BUFFER_SHIFT);
  parts_.ring.taken_by_kernel();
  arrived(*ports_[number], buffer, parts_.ring.datagram(buffer, static_cast<std::uint32_t>(result)),
          arrivals);
}

void UdpPorts::on_readable(std::uint32_t number, std::int32_t result, Arrivals& arrivals) {
  ended(number);
  if (result < 0) return;
  if ((result & POLLERR) != 0) take_errors(*ports_[number], arrivals);
  receive_batch(number, arrivals);
}

// Without multishot receive: one recvmmsg for what is there. More is found by the next poll.
void UdpPorts::receive_batch(std::uint32_t number, Arrivals& arrivals) {
  ReceiveRing& ring = parts_.ring;
  mmsghdr messages[ReceiveRing::spares];
  iovec octets[ReceiveRing::spares];
  BufferId buffers[ReceiveRing::spares];
  std::uint32_t count = 0;
  for (; count < ReceiveRing::spares; ++count) {
    const auto buffer = ring.take_spare();
    if (!buffer) break;
    buffers[count] = *buffer;
    octets[count] = {ring.payload(*buffer), ReceiveRing::max_datagram};
    messages[count] = {};
    messages[count].msg_hdr.msg_name = ring.source(*buffer);
    messages[count].msg_hdr.msg_namelen = sizeof(SocketAddress);
    messages[count].msg_hdr.msg_iov = &octets[count];
    messages[count].msg_hdr.msg_iovlen = 1;
  }
  Port& port = *ports_[number];
  const int received = ::recvmmsg(port.socket.fd(), messages, count, MSG_DONTWAIT, nullptr);
  ++parts_.counters.system_calls;
  if (received < 0 && errno != EAGAIN && errno != EINTR) {
    ++parts_.counters.receive_errors;
    take_errors(port, arrivals);
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    if (static_cast<int>(i) >= received) {
      ring.give_back(buffers[i]);
      continue;
    }
    const std::string_view bytes(ring.payload(buffers[i]), messages[i].msg_len);
    arrived(port, buffers[i],
            {bytes, ring.source(buffers[i]), (messages[i].msg_hdr.msg_flags & MSG_TRUNC) != 0},
            arrivals);
  }
}

void UdpPorts::arrived(const Port& port, BufferId buffer, const ReceivedDatagram& received,
                       Arrivals& arrivals) {
  IoCounters& counters = parts_.counters;
  ++counters.datagrams_received;
  counters.bytes_received += received.bytes.size();
  if (received.truncated) {
    ++counters.truncated;
    return parts_.ring.give_back(buffer);
  }
  Letter letter{.octets = received.bytes.data(),
                .size = static_cast<std::uint32_t>(received.bytes.size()),
                .kind = Letter::Kind::received,
                .loan = {Loan::Of::receive_buffer, buffer},
                .flow = port.listener,
                .listener = port.listener,
                .peer = to_network_address(*received.source, Transport::udp)};
  if (received.segment == 0 || received.segment >= letter.size) {
    arrivals.push_back(letter);
    return;
  }
  const std::uint32_t pieces = (letter.size + received.segment - 1) / received.segment;
  counters.datagrams_received += pieces - 1;
  ++counters.runs_received;
  parts_.ring.share(buffer, pieces - 1);
  for (std::uint32_t left = letter.size; left != 0; left -= letter.size) {
    letter.size = std::min(received.segment, left);
    arrivals.push_back(letter);
    letter.octets += letter.size;
  }
}

// ICMP errors about what we sent, each with the start of it. They end up on a shard by the peer's
// address, not by the call.
void UdpPorts::take_errors(Port& port, Arrivals& arrivals) {
  for (std::uint32_t i = 0; i < errors_a_turn; ++i) {
    const auto buffer = parts_.ring.take_spare();
    if (!buffer) return;
    ++parts_.counters.system_calls;
    const auto error =
        port.socket.take_error({parts_.ring.payload(*buffer), ReceiveRing::max_datagram});
    if (error) ++parts_.counters.icmp_errors;
    // "Packet too big" is no failure: the retransmission is fragmented.
    if (!error || error->quoted.empty() || error->error_number == EMSGSIZE) {
      parts_.ring.give_back(*buffer);
      if (!error) return;
      continue;
    }
    arrivals.push_back({.octets = error->quoted.data(),
                        .size = static_cast<std::uint32_t>(error->quoted.size()),
                        .kind = Letter::Kind::undelivered,
                        .loan = {Loan::Of::receive_buffer, *buffer},
                        .flow = port.listener,
                        .listener = port.listener,
                        .peer = {}});
  }
}

// The kernel does not receive there any more.
void UdpPorts::ended(std::uint32_t number) {
  ports_[number]->receives = false;
  --receiving_;
  want_arming(number);
}

void UdpPorts::want_arming(std::uint32_t number) {
  Port& port = *ports_[number];
  if (is_stopped_ || port.is_closing || std::exchange(port.is_unarmed, true)) return;
  unarmed_.push_back(number);
}

void UdpPorts::arm() {
  parts_.ring.publish();
  while (!unarmed_.empty() && !is_starving()) {
    arm(unarmed_.back());
    unarmed_.pop_back();
  }
}

void UdpPorts::arm(std::uint32_t number) {
  Port& port = *ports_[number];
  port.is_unarmed = false;
  port.receives = true;
  ++receiving_;
  io_uring_sqe& submission = parts_.uring.submission();
  UdpOp op = UdpOp::receive;
  if (parts_.ring.is_provided()) {
    parts_.ring.prepare(submission, first_file_ + number);
  } else {
    op = UdpOp::readable;
    io_uring_prep_poll_add(&submission, static_cast<int>(first_file_ + number), POLLIN);
    submission.flags |= IOSQE_FIXED_FILE;
  }
  io_uring_sqe_set_data64(&submission, token(op, number).pack());
}

bool UdpPorts::is_starving() const {
  return parts_.ring.is_provided() ? parts_.ring.lent_to_kernel() == 0 : !parts_.ring.has_spare();
}

// What the kernel has received into our buffers comes all the same.
void UdpPorts::stop_receiving() {
  is_stopped_ = true;
  unarmed_.clear();
  for (std::uint32_t number = 0; number < ports_.size(); ++number) {
    if (ports_[number] && ports_[number]->receives) cancel_receive(number);
  }
}

void UdpPorts::cancel_receive(std::uint32_t number) {
  const UdpOp op = parts_.ring.is_provided() ? UdpOp::receive : UdpOp::readable;
  io_uring_sqe& submission = parts_.uring.submission();
  io_uring_prep_cancel64(&submission, token(op, number).pack(), 0);
  io_uring_sqe_set_data64(&submission, token(UdpOp::cancel, number).pack());
}

}  // namespace sipring
