// From the network: datagrams and ICMP errors, each to the shard that it belongs to.
// SPDX-License-Identifier: MIT
#include <sipring/io/loop.h>

#include <sipring/pools/assert.h>

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace sipring {
namespace {

constexpr std::uint32_t errors_a_turn = 64;  // off one socket's error queue

}  // namespace

void Loop::on_receive(std::uint32_t port, std::int32_t result, std::uint32_t flags) {
  if ((flags & IORING_CQE_F_MORE) == 0) ports_[port].receiving = false;
  if (result < 0) {
    SIPRING_ASSERT(result != -EBADF && result != -EFAULT && result != -EINVAL);
    if (result == -ENOBUFS) {
      counters_.enobufs_rearmed += receive_ring_.lend_more() ? 0 : 1;
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
                ports_[port].listener,
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
                            ports_[port].listener,
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

}  // namespace sipring
