// Connections that speak TLS: ciphertext is read into plaintext, which goes on as if it had come
// so.
// SPDX-License-Identifier: MIT
#include <sipring/io/stream/ports.h>

#include <sipring/core/message/header/via.h>
#include <sipring/core/message/unframed.h>
#include <sipring/core/outbound/alias.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sipring {

std::expected<void, TlsFailure> StreamPorts::serve_tls(Flow listener, Transport transport,
                                                       const ListenerTls& tls) {
  return tls_lines().serve(listener.slot, tls, tls_protocol_of(transport));
}

// A shard that never speaks TLS has none of its memory.
TlsLines& StreamPorts::tls_lines() {
  if (!tls_) tls_.emplace(tls_settings_, tls_counters_, memory_);
  return *tls_;
}

TlsLine* StreamPorts::tls_line(Flow flow) {
  return tls_ ? tls_->find(flow.slot) : nullptr;
}

// A step of a handshake waits for its turn, and so does what comes behind it.
void StreamPorts::received_secret(Instant now, Flow flow, std::span<char> octets) {
  TlsLine& tls = *tls_line(flow);
  const std::string_view text(octets.data(), octets.size());
  if (tls.waiting != 0 || (!tls.session.is_open() && !handshakes_.may_step())) {
    ++tls_counters_.postponed;
    Ref<Buffer> copy = parts_.connections.copy(text);
    if (!copy || !handshakes_.postpone(flow, std::move(copy)))
      return parts_.connections.failed(now, flow, CloseReason::no_room);
    ++tls.waiting;
    return;
  }
  secret_ = {flow, text, {}};
  if (!tls.session.is_open()) shake(now, flow, tls);
}

void StreamPorts::shake_hands(Instant now) {
  while (std::optional<HandshakeQueue::Piece> piece = handshakes_.next()) {
    const Line* const line = line_of(piece->flow);
    TlsLine* const tls = tls_line(piece->flow);
    if (line == nullptr || line->ends || tls == nullptr) continue;
    --tls->waiting;
    secret_ = {piece->flow, piece->octets->view(), std::move(piece->octets)};
    if (!tls->session.is_open()) shake(now, piece->flow, *tls);
    return;
  }
}

// With what of secret_ it needs; the rest is messages.
void StreamPorts::shake(Instant now, Flow flow, TlsLine& line) {
  handshakes_.step();
  const auto done = tls_->shake(now, line, secret_.octets);
  submit_record(flow);
  if (!done) return fail_tls(now, flow, done.error());
  if (*done) parts_.connections.secured(now, flow);
}

// The plaintext of the next record of secret_. False: there is none.
bool StreamPorts::decrypt(Instant now) {
  const Flow flow = secret_.flow;
  const Line* const line = flow.is_connection() ? line_of(flow) : nullptr;
  TlsLine* const tls = line != nullptr && !line->ends ? tls_line(flow) : nullptr;
  if (tls != nullptr && tls->session.is_open()) {
    const auto plain = tls_->read(now, *tls, secret_.octets);
    submit_record(flow);
    if (plain && !plain->empty()) {
      parts_.connections.receive(now, flow, *plain);
      return true;
    }
    if (!plain) fail_tls(now, flow, plain.error());
    if (plain && tls->session.is_closed()) parts_.connections.closed(now, flow);
  }
  return std::exchange(secret_, {}).flow.is_connection();  // there may be news of it
}

// The alert that says why is on its way; the connection ends behind it.
void StreamPorts::fail_tls(Instant now, Flow flow, const TlsFailure& failure) {
  Line* const line = line_of(flow);
  const Connection* const connection = connections().find(flow);
  if (line == nullptr || connection == nullptr) return;
  tls_counters_.note_failure(failure.code, connection->peer);
  line->says_last = true;
  const bool was_open = connection->state >= ConnectionState::open;
  parts_.connections.failed(now, flow,
                            was_open ? CloseReason::malformed : CloseReason::handshake_failed);
}

// RFC 5923 section 8.2. A peer that wants to be reached so says it in each of its requests; one
// that has not said it for a while is not listened to any more.
void StreamPorts::look_for_alias(const Received& message) {
  TlsLine* const tls =
      message.source.transport == Transport::tls ? tls_line(message.flow) : nullptr;
  if (tls == nullptr || tls->looks == 0 || message.bytes.starts_with("SIP/")) return;
  --tls->looks;
  const auto value =
      find_unframed_values(message.bytes, HeaderId::via, HeaderId::via).front().value_or("");
  const auto via =
      parse_via(value.substr(std::min(value.find_first_not_of(" \t\r\n"), value.size())));
  const PeerProof proof =
      tls->session.is_authenticated() ? PeerProof::certificate : PeerProof::none;
  const auto alias = via ? alias_of(*via, message.source, proof) : std::nullopt;
  if (alias && parts_.connections.add_alias(message.flow, *alias)) tls->looks = 0;
}

bool StreamPorts::is_authenticated_as(Flow flow, std::string_view domain) const {
  const TlsLine* const tls = tls_ ? tls_->find(flow.slot) : nullptr;
  if (tls == nullptr) return false;
  const std::string_view whom = domain.empty() ? tls_settings_.client.domain : domain;
  return whom.empty() ? tls->session.is_authenticated() : tls->session.is_authenticated_as(whom);
}

void StreamPorts::begin_client_tls(Instant now, Flow flow) {
  const Connection& connection = *connections().find(flow);
  TlsLine* const tls = tls_lines().connect(now, flow.slot, connection.peer, connection.domain());
  if (tls == nullptr) return parts_.connections.failed(now, flow, CloseReason::handshake_failed);
  std::string_view nothing;
  const auto done = tls_->shake(now, *tls, nothing);
  submit_record(flow);
  if (!done) fail_tls(now, flow, done.error());
}

void StreamPorts::write_secret(Instant now, Flow flow, TlsLine& tls) {
  std::array<std::string_view, pieces_of_a_send> pieces;
  const std::size_t count = parts_.connections.gather(now, flow, pieces);
  const auto written = tls_->write(now, tls, std::span(pieces).first(count));
  if (!written) return fail_tls(now, flow, written.error());
  submit_record(flow);
}

// The next one, when the last has left.
void StreamPorts::submit_record(Flow flow) {
  Line* const line = line_of(flow);
  TlsLine* const tls = tls_line(flow);
  if (line == nullptr || tls == nullptr || line->sends) return;
  if (!tls->has_records()) {
    if (std::exchange(tls->ends_writing, false)) end_writing(flow);
    return;
  }
  const std::string_view octets = tls->unsent();
  submit_send(flow, *line, {&octets, 1});
}

void StreamPorts::on_record_sent(Instant now, Flow flow, TlsLine& tls, std::uint32_t octets) {
  const std::uint32_t plain = tls.sent(octets);
  if (plain != 0) parts_.connections.sent(now, flow, plain);
  submit_record(flow);
}

}  // namespace sipring
