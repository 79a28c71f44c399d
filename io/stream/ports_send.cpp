// Connections that we open, and octets that leave.
// SPDX-License-Identifier: MIT
#include <sipring/io/stream/ports.h>

#include <sipring/io/socket_address.h>
#include <sipring/pools/assert.h>

#include <cerrno>
#include <utility>

namespace sipring {
namespace {

CloseReason reason_of(int error_number) {
  switch (error_number) {
    case ECONNREFUSED: return CloseReason::refused;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM: return CloseReason::no_descriptor;
    case ETIMEDOUT: return CloseReason::connect_timeout;
    case ECONNRESET:
    case EPIPE: return CloseReason::reset;
    default: return CloseReason::unreachable;
  }
}

}  // namespace

// The kernel reads the address when the operation is submitted, so it stays with the line.
void StreamPorts::perform(Instant now, const OpenConnection& open) {
  auto socket = StreamSocket::make(open.peer.ip.family, options_);
  if (!socket) return parts_.connections.failed(now, open.flow, reason_of(socket.error()));
  take_up(now, open.flow, socket->release());
  if (addresses_.size() == addresses_.capacity()) submit_all();
  SocketAddress& address = addresses_.emplace_back();
  const socklen_t length = to_socket_address(open.peer, address);
  Line& line = lines_[open.flow.slot];
  line.connects = true;
  io_uring_sqe& submission = parts_.uring.submission();
  io_uring_prep_connect(&submission, line.fd, &address.any, length);
  io_uring_sqe_set_data64(
      &submission,
      CompletionToken::of(StreamOp::connect, open.flow.slot, open.flow.generation).pack());
}

void StreamPorts::on_connect(Instant now, Flow flow, std::int32_t result) {
  Line* line = line_of(flow);
  SIPRING_ASSERT(line != nullptr);
  line->connects = false;
  if (result == 0 && !line->ends) {
    parts_.connections.opened(now, flow);
    want_arming(flow);
    if (has_tls(peer_of(flow).transport)) begin_client_tls(now, flow);
  } else if (result != 0) {
    parts_.connections.failed(now, flow, reason_of(-result));
  }
  end_if_done(flow);
}

void StreamPorts::flush(Instant now) {
  while (next_message(now)) {
  }
  while (const std::optional<Flow> flow = parts_.connections.next_write()) write(now, *flow);
  while (next_message(now)) {  // what has failed meanwhile
  }
}

void StreamPorts::write(Instant now, Flow flow) {
  Line* line = line_of(flow);
  SIPRING_ASSERT(line != nullptr);
  if (TlsLine* const tls = tls_line(flow)) return write_secret(now, flow, *tls);
  if (submissions_.size() == submissions_.capacity()) submit_all();
  std::array<std::string_view, pieces_of_a_send> pieces;
  const std::size_t count = parts_.connections.gather(now, flow, pieces);
  submit_send(flow, *line, std::span(pieces).first(count));
}

// Where there is no other: sends of one socket are not ordered.
void StreamPorts::submit_send(Flow flow, Line& line, std::span<const std::string_view> pieces) {
  SIPRING_ASSERT(!line.sends);
  line.sends = true;
  io_uring_sqe& submission = parts_.uring.submission();
  constexpr int flags = MSG_NOSIGNAL | MSG_WAITALL;
  if (pieces.size() == 1) {
    io_uring_prep_send(&submission, line.fd, pieces[0].data(), pieces[0].size(), flags);
  } else {
    Submission& sent = submissions_.emplace_back();
    for (std::size_t i = 0; i < pieces.size(); ++i)
      sent.pieces[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
    sent.header = {};
    sent.header.msg_iov = sent.pieces.data();
    sent.header.msg_iovlen = pieces.size();
    io_uring_prep_sendmsg(&submission, line.fd, &sent.header, flags);
  }
  io_uring_sqe_set_data64(&submission,
                          CompletionToken::of(StreamOp::send, flow.slot, flow.generation).pack());
}

void StreamPorts::on_send(Instant now, Flow flow, std::int32_t result) {
  Line* line = line_of(flow);
  SIPRING_ASSERT(line != nullptr);
  line->sends = false;
  if (result > 0) line->bytes_out += static_cast<std::uint32_t>(result);
  TlsLine* const tls = tls_line(flow);
  if (result >= 0 && tls != nullptr) {
    on_record_sent(now, flow, *tls, static_cast<std::uint32_t>(result));
  } else if (result >= 0) {
    parts_.connections.sent(now, flow, static_cast<std::size_t>(result));
  } else if (result != -ECANCELED) {
    parts_.connections.failed(now, flow, reason_of(-result));
  }
  end_if_done(flow);
}

// What has been prepared is the kernel's; our room for it is free again.
void StreamPorts::submit_all() {
  parts_.uring.wait({.completions = 0});
  submissions_.clear();
  addresses_.clear();
}

}  // namespace sipring
