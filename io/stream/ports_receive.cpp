// Octets that come.
// SPDX-License-Identifier: MIT
#include <sipring/io/stream/ports.h>

#include <sipring/core/stream/proxy_protocol.h>
#include <sipring/pools/assert.h>

#include <algorithm>
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
    if (line->unread.empty() || !unread_.push(line->unread, parts_.connections.copy({})))
      parts_.connections.closed(now, flow);
  } else if (result != -ENOBUFS && result != -ECANCELED && result != -EINTR && result != -EAGAIN) {
    parts_.connections.failed(now, flow,
                              result == -ETIMEDOUT ? CloseReason::unreachable : CloseReason::reset);
  }
  if (!line->receives && (result != 0 || !line->unread.empty())) want_arming(flow);
  end_if_done(flow);
}

// One that says too much at once is read on with the next turn, and one that does not read what it
// is answered when it has: TCP makes it wait meanwhile. What had come before that keeps its order.
void StreamPorts::received(Instant now, Flow flow, Line& line, std::span<char> octets) {
  if (std::exchange(line.turn, turn_) != turn_) line.bytes = 0;
  line.bytes += static_cast<std::uint32_t>(octets.size());
  line.bytes_in += octets.size();
  const bool is_enough = line.bytes > bytes_of_a_turn || parts_.connections.is_backed_up(flow);
  if (is_enough) take_receive_back(flow, line);
  if (is_enough || !line.unread.empty()) return read_later(now, flow, line, octets);
  read(now, flow, line, octets);
}

void StreamPorts::take_receive_back(Flow flow, Line& line) {
  if (!line.receives || std::exchange(line.is_paused, true)) return;
  cancel(CompletionToken::of(StreamOp::receive, flow.slot, flow.generation));
}

void StreamPorts::read_later(Instant now, Flow flow, Line& line, std::span<const char> octets) {
  if (line.ends) return;
  while (!octets.empty()) {
    const auto piece = octets.first(std::min(octets.size(), bytes_of_a_piece));
    octets = octets.subspan(piece.size());
    if (!unread_.push(line.unread, parts_.connections.copy({piece.data(), piece.size()})))
      return parts_.connections.failed(now, flow, CloseReason::no_room);
  }
}

bool StreamPorts::read_on(Instant now) {
  while (looked_at_ < unarmed_.size()) {
    const Flow flow = unarmed_[looked_at_++];
    Line* const line = line_of(flow);
    if (line == nullptr || line->ends || line->unread.empty()) continue;
    if (parts_.connections.is_backed_up(flow)) continue;
    piece_ = unread_.pop(line->unread);
    if (piece_->size() == 0) {
      parts_.connections.closed(now, flow);
    } else {
      read(now, flow, *line, {piece_->data(), piece_->size()});
    }
    return true;
  }
  return false;
}

void StreamPorts::read(Instant now, Flow flow, Line& line, std::span<char> octets) {
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
  reads_on_ = false;
  looked_at_ = 0;
  std::erase_if(unarmed_, [this](Flow flow) { return arm_again(flow); });
  handshakes_.begin_turn();
  ++turn_;
}

// False: it is to be looked at again.
bool StreamPorts::arm_again(Flow flow) {
  Line* line = line_of(flow);
  if (line == nullptr) return true;
  if (has_to_wait(flow, *line)) return false;
  line->is_unarmed = false;
  if (!line->ends && !line->receives && !is_stopped_) arm_receive(flow);
  return true;
}

bool StreamPorts::has_to_wait(Flow flow, const Line& line) {
  if (line.ends || is_stopped_) return false;
  const bool is_backed_up = parts_.connections.is_backed_up(flow);
  if (!is_backed_up && !line.unread.empty()) reads_on_ = true;
  return is_backed_up || !line.unread.empty();
}

}  // namespace sipring
