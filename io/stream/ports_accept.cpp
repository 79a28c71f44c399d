// Connections that peers open.
// SPDX-License-Identifier: MIT
#include <sipring/io/stream/ports.h>

#include <sipring/io/socket_address.h>
#include <sipring/pools/assert.h>

#include <cerrno>

namespace sipring {
namespace {

// No descriptors, no memory: others have to end first.
constexpr Duration pause = std::chrono::milliseconds(100);

bool has_run_out(int error_number) {
  return error_number == EMFILE || error_number == ENFILE || error_number == ENOBUFS ||
         error_number == ENOMEM;
}

}  // namespace

void StreamPorts::on_accept(Instant now, std::uint32_t number, const io_uring_cqe& completion) {
  Listening& listening = *listeners_[number];
  if ((completion.flags & IORING_CQE_F_MORE) == 0) {
    listening.accepts = false;
    --receiving_;
  }
  if (completion.res >= 0) accepted(now, listening, completion.res);
  if (completion.res < 0 && has_run_out(-completion.res)) accept_again_ = now + pause;
  end_listener_if_done(number);
}

// A multishot accept has room for one address only, so each is asked for.
void StreamPorts::accepted(Instant now, const Listening& listening, int fd) {
  SocketAddress address{};
  socklen_t length = sizeof address;
  const bool is_there = ::getpeername(fd, &address.any, &length) == 0 && !is_stopped_;
  const Transport transport = listening.socket.bound_address().transport;
  const auto flow =
      is_there ? parts_.connections.accept(now, {.peer = to_network_address(address, transport),
                                                 .listener = listening.flow,
                                                 .upgrade = listening.upgrade,
                                                 .is_proxied = listening.is_proxied})
               : std::unexpected(AcceptRefusal::full);
  if (!flow) return close_descriptor(fd, CompletionToken::of(StreamOp::refuse));
  take_up(now, *flow, fd);
  lines_[flow->slot].awaits_proxy = listening.is_proxied && has_tls(transport);
  if (has_tls(transport) &&
      tls_lines().accept(now, flow->slot, listening.flow.slot, peer_of(*flow)) == nullptr)
    return parts_.connections.failed(now, *flow, CloseReason::handshake_failed);
  arm_receive(*flow);
}

void StreamPorts::arm_accepts(Instant now) {
  const bool waits = accept_again_ != never && now < accept_again_;
  if (is_stopped_ || waits || !listens_) return;
  accept_again_ = never;
  for (std::uint32_t number = 0; number < max_listeners; ++number) {
    std::optional<Listening>& listening = listeners_[number];
    if (!listening || listening->accepts || listening->is_closing) continue;
    io_uring_sqe& submission = parts_.uring.submission();
    io_uring_prep_multishot_accept(&submission, listening->socket.fd(), nullptr, nullptr,
                                   SOCK_CLOEXEC | SOCK_NONBLOCK);
    io_uring_sqe_set_data64(
        &submission,
        CompletionToken::of(StreamOp::accept, number, listening->flow.generation).pack());
    listening->accepts = true;
    ++receiving_;
  }
}

void StreamPorts::end_listener_if_done(std::uint32_t number) {
  std::optional<Listening>& listening = listeners_[number];
  if (!listening->is_closing || listening->accepts) return;
  listening.reset();
  --closing_;
}

}  // namespace sipring
