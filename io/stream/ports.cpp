// Listeners and descriptors that come and go.
// SPDX-License-Identifier: MIT
#include <sipring/io/stream/ports.h>

#include <sipring/pools/assert.h>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace sipring {

StreamPorts::StreamPorts(const Parts& parts, const StreamSocketOptions& options,
                         const TlsLines::Settings& tls, bool reuses_connections,
                         std::pmr::memory_resource& memory)
    : parts_(parts),
      options_(options),
      tls_settings_(tls),
      reuses_connections_(reuses_connections),
      handshakes_(most_postponed, memory),
      unread_(most_unread, memory),
      memory_(memory),
      listeners_(max_listeners, &memory),
      lines_(tls.connections, &memory),
      unarmed_(&memory),
      submissions_(&memory),
      addresses_(&memory),
      kept_(most_kept, memory) {
  unarmed_.reserve(tls.connections);
  submissions_.reserve(sends_at_once);
  addresses_.reserve(sends_at_once);
  parts_.connections.ask(*this);
}

// The ring has been closed: nothing of ours is in the kernel's hands.
StreamPorts::~StreamPorts() {
  for (const Line& line : lines_)
    if (line.fd >= 0) ::close(line.fd);
}

void StreamPorts::open(StreamSocket socket, Flow listener, const UpgradePolicy* upgrade,
                       bool is_proxied) {
  SIPRING_ASSERT(listener.slot < max_listeners && !listeners_[listener.slot]);
  listeners_[listener.slot].emplace(Listening{std::move(socket), listener, upgrade, is_proxied});
  listens_ = true;
}

void StreamPorts::close(Flow listener) {
  if (!listener.is_listener() || listener.slot >= max_listeners) return;
  const std::uint32_t number = listener.slot;
  std::optional<Listening>& listening = listeners_[number];
  if (!listening || listening->flow != listener || listening->is_closing) return;
  listening->is_closing = true;
  ++closing_;
  if (listening->accepts)
    cancel(CompletionToken::of(StreamOp::accept, number, listening->flow.generation));
  end_listener_if_done(number);
}

void StreamPorts::send(Instant now, Transmit&& message) {
  const Handle<Transaction> transaction = message.transaction;
  if (!parts_.connections.send(now, std::move(message))) parts_.failed.add(transaction);
}

bool StreamPorts::send_copy(Instant now, const Letter& letter) {
  Ref<Buffer> bytes = parts_.connections.copy(letter.bytes());
  if (!bytes) return false;
  return parts_.connections
      .send(now, Transmit{.bytes = std::move(bytes),
                          .destination = letter.peer,
                          .flow = letter.flow,
                          .lane = letter.lane,
                          .transaction = {}})
      .has_value();
}

std::optional<Loan> StreamPorts::keep(Letter& letter) {
  Ref<Buffer> bytes = parts_.connections.copy(letter.bytes());
  if (!bytes) return std::nullopt;
  const char* const octets = bytes->data();
  const Handle<Ref<Buffer>> kept = kept_.acquire(std::move(bytes));
  if (!kept) return std::nullopt;
  letter.octets = octets;
  return Loan{Loan::Of::stream_message, kept.slot};
}

void StreamPorts::give_back(Loan loan) {
  kept_.release(kept_.handle_of(loan.number));
}

void StreamPorts::on_completion(Instant now, const CompletionToken& token,
                                const io_uring_cqe& completion) {
  const Flow flow = flow_of(token);
  switch (static_cast<StreamOp>(token.op)) {
    case StreamOp::accept: return on_accept(now, token.slot, completion);
    case StreamOp::receive: return on_receive(now, flow, completion);
    case StreamOp::send: return on_send(now, flow, completion.res);
    case StreamOp::connect: return on_connect(now, flow, completion.res);
    case StreamOp::close: return parts_.connections.ended(now, flow);
    case StreamOp::refuse:
    case StreamOp::cancel: return;
  }
}

// Everything but messages is done on the way.
std::optional<Received> StreamPorts::next_message(Instant now) {
  do {
    while (std::optional<ConnectionOutput> output = parts_.connections.next_output()) {
      if (const auto* message = std::get_if<Received>(&*output)) {
        if (reuses_connections_) look_for_alias(*message);
        return *message;
      }
      if (const auto* open = std::get_if<OpenConnection>(&*output)) perform(now, *open);
      if (const auto* shut = std::get_if<ShutConnection>(&*output)) perform(*shut);
      if (const auto* end = std::get_if<EndConnection>(&*output)) perform(now, *end);
      if (const auto* pong = std::get_if<Pong>(&*output)) parts_.keep_alives.pong(now, pong->flow);
      if (const auto* lost = std::get_if<Undelivered>(&*output))
        parts_.failed.add(lost->transaction);
    }
  } while (decrypt(now));
  piece_.reset();
  if (buffer_) parts_.buffers.give_back(*std::exchange(buffer_, std::nullopt));
  return std::nullopt;
}

void StreamPorts::advance(Instant now) {
  parts_.connections.advance(now);
  if (tls_) tls_->advance(now);
}

Instant StreamPorts::next_deadline() const {
  const Instant tls = tls_ ? tls_->next_deadline() : never;
  return std::min({parts_.connections.next_deadline(), accept_again_, tls});
}

void StreamPorts::take_up(Instant now, Flow flow, int fd) {
  Line& line = lines_[flow.slot];
  SIPRING_ASSERT(line.fd < 0);
  line = {};
  line.fd = fd;
  line.generation = flow.generation;
  line.since = now;
}

void StreamPorts::perform(const ShutConnection& shut) {
  const Line* line = line_of(shut.flow);
  if (line == nullptr) return;
  TlsLine* const tls = tls_line(shut.flow);
  if (tls == nullptr) return end_writing(shut.flow);
  tls_->close(*tls);  // its close_notify is sent first
  submit_record(shut.flow);
}

// By a call, as the end of a connection is rare: the ring's shutdown goes to a worker of the
// kernel's, which looks the descriptor up when it gets round to it, and by then it may be
// another's.
void StreamPorts::end_writing(Flow flow) {
  (void)::shutdown(lines_[flow.slot].fd, SHUT_WR);  // an error is a connection that is gone already
}

// The kernel is told to let go of it, and the descriptor goes when it has.
void StreamPorts::perform(Instant now, const EndConnection& end) {
  Line* line = line_of(end.flow);
  if (line == nullptr) return parts_.connections.ended(now, end.flow);  // it never had one
  line->ends = true;
  const auto take_back = [&](bool is_there, StreamOp op) {
    if (is_there) cancel(CompletionToken::of(op, end.flow.slot, end.flow.generation));
  };
  take_back(line->receives, StreamOp::receive);
  take_back(line->sends && !line->says_last, StreamOp::send);
  take_back(line->connects, StreamOp::connect);
  end_if_done(end.flow);
}

void StreamPorts::end_if_done(Flow flow) {
  Line* line = line_of(flow);
  if (line == nullptr || !line->ends || line->receives || line->sends || line->connects) return;
  if (line->is_unarmed) std::erase(unarmed_, flow);
  unread_.clear(line->unread);
  if (tls_line(flow) != nullptr) tls_->end(flow.slot, peer_of(flow));
  const int fd = std::exchange(line->fd, -1);
  close_descriptor(fd, CompletionToken::of(StreamOp::close, flow.slot, flow.generation));
}

void StreamPorts::cancel(const CompletionToken& target) {
  io_uring_sqe& submission = parts_.uring.submission();
  io_uring_prep_cancel64(&submission, target.pack(), 0);
  io_uring_sqe_set_data64(&submission, CompletionToken::of(StreamOp::cancel, target.slot).pack());
}

void StreamPorts::close_descriptor(int fd, const CompletionToken& token) {
  io_uring_sqe& submission = parts_.uring.submission();
  io_uring_prep_close(&submission, fd);
  io_uring_sqe_set_data64(&submission, token.pack());
}

StreamPorts::Line* StreamPorts::line_of(Flow flow) {
  if (flow.slot >= lines_.size()) return nullptr;
  Line& line = lines_[flow.slot];
  return line.fd >= 0 && line.generation == flow.generation ? &line : nullptr;
}

Flow StreamPorts::flow_of(const CompletionToken& token) const {
  return Flow::of_connection(parts_.connections.shard(), token.slot, token.generation);
}

void StreamPorts::describe(Instant now, std::uint32_t most, std::vector<ConnectionInfo>& to) const {
  parts_.connections.each([&](const Connection& connection) {
    if (most == 0) return;
    --most;
    const Line& line = lines_[connection.flow.slot];
    const bool has_line = line.fd >= 0 && line.generation == connection.flow.generation;
    to.push_back({.shard = parts_.connections.shard(),
                  .peer = connection.peer,
                  .listener = connection.listener,
                  .state = to_string(connection.state),
                  .age = has_line ? now - line.since : Duration{},
                  .idle = connection.heard.until(now),
                  .bytes_in = has_line ? line.bytes_in : 0,
                  .bytes_out = has_line ? line.bytes_out : 0});
  });
}

void StreamPorts::stop_receiving() {
  if (std::exchange(is_stopped_, true)) return;
  for (std::uint32_t number = 0; number < max_listeners; ++number) {
    const std::optional<Listening>& listening = listeners_[number];
    if (listening && listening->accepts)
      cancel(CompletionToken::of(StreamOp::accept, number, listening->flow.generation));
  }
  for (std::uint32_t slot = 0; slot < lines_.size(); ++slot) {
    const Line& line = lines_[slot];
    if (line.receives) cancel(CompletionToken::of(StreamOp::receive, slot, line.generation));
  }
}

}  // namespace sipring
