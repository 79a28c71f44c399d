// Octets that come.
// SPDX-License-Identifier: MIT
#include <sipring/io/stream/ports.h>

#include <sipring/core/stream/proxy_protocol.h>
#include <sipring/pools/assert.h>

#include <cerrno>
#include <utility>

namespace sipring {

void StreamPorts::on_receive(Instant now, Flow flow, const io_uring_cqe& completion) {
  Line* line = line_of(flow);
  SIPRING_ASSERT(line != nullptr);  // a descriptor outlives its operations
  if ((completion.flags & IORING_CQE_F_MORE) == 0) {
    line->receives = false;
    --receiving_;
  }
  const std::int32_t result = completion.res;
  if (result > 0) {
    const auto id = static_cast<std::uint16_t>(completion.flags >> IORING_CQE_BUFFER_SHIFT);
    SIPRING_VERIFY(!buffer_);  // the messages of the last one have been taken
    buffer_ = id;
    received(now, flow, *line, parts_.buffers.octets(id, static_cast<std::uint32_t>(result)));
  } else if (result == 0) {
    parts_.connections.closed(now, flow);
  } else if (result != -ENOBUFS && result != -ECANCELED && result != -EINTR && result != -EAGAIN) {
    parts_.connections.failed(now, flow,
                              result == -ETIMEDOUT ? CloseReason::unreachable : CloseReason::reset);
  }
  if (!line->receives && result != 0) want_arming(flow);
  end_if_done(flow);
}

// One that says too much at once is read on with the next turn.
void StreamPorts::received(Instant now, Flow flow, Line& line, std::span<char> octets) {
  if (std::exchange(line.turn, turn_) != turn_) line.bytes = 0;
  line.bytes += static_cast<std::uint32_t>(octets.size());
  line.bytes_in += octets.size();
  if (line.bytes > bytes_of_a_turn && line.receives && !line.is_paused) {
    line.is_paused = true;
    cancel(CompletionToken::of(StreamOp::receive, flow.slot, flow.generation));
  }
  if (tls_line(flow) != nullptr) {
    if (line.ends) return;
    if (std::exchange(line.awaits_proxy, false)) octets = without_proxy_header(now, flow, octets);
    if (!octets.empty()) received_secret(now, flow, octets);
    return;
  }
  parts_.connections.receive(now, flow, octets);
}

// A proxy writes it in one piece and nothing before it has left (proxy-protocol.txt, section 2), so
// that a part of one is none. What is behind it is TLS.
std::span<char> StreamPorts::without_proxy_header(Instant now, Flow flow, std::span<char> octets) {
  const auto header = read_proxy_header({octets.data(), octets.size()});
  if (!header || header->size == 0) {
    parts_.connections.failed(now, flow, CloseReason::malformed);
    return {};
  }
  parts_.connections.receive(now, flow, octets.first(header->size));
  return octets.subspan(header->size);
}

void StreamPorts::want_arming(Flow flow) {
  Line* line = line_of(flow);
  if (line == nullptr || line->is_unarmed || line->ends) return;
  line->is_unarmed = true;
  unarmed_.push_back(flow);
}

void StreamPorts::arm_receive(Flow flow) {
  Line& line = lines_[flow.slot];
  line.is_paused = false;
  line.receives = true;
  ++receiving_;
  io_uring_sqe& submission = parts_.uring.submission();
  if (parts_.uring.features().multishot_receive) {
    io_uring_prep_recv_multishot(&submission, line.fd, nullptr, 0, 0);
  } else {
    io_uring_prep_recv(&submission, line.fd, nullptr, StreamBuffers::size, 0);
  }
  submission.flags |= IOSQE_BUFFER_SELECT;
  submission.buf_group = StreamBuffers::group;
  io_uring_sqe_set_data64(
      &submission, CompletionToken::of(StreamOp::receive, flow.slot, flow.generation).pack());
}

// Those that had no buffer come after the buffers.
void StreamPorts::arm(Instant now) {
  parts_.buffers.publish();
  arm_accepts(now);
  for (const Flow flow : unarmed_) {
    Line* line = line_of(flow);
    if (line == nullptr) continue;
    line->is_unarmed = false;
    if (!line->ends && !line->receives && !is_stopped_) arm_receive(flow);
  }
  unarmed_.clear();
  handshakes_.begin_turn();
  ++turn_;
}

}  // namespace sipring
