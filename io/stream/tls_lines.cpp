// SPDX-License-Identifier: MIT
#include <sipring/io/stream/tls_lines.h>

#include <sipring/core/message/parser.h>

#include <algorithm>
#include <cstring>
#include <functional>

namespace sipring {
namespace {

constexpr std::size_t plain_bytes = TlsSession::largest_record;
constexpr std::size_t secret_bytes = TlsSession::room_for(TlsSession::largest_record);

TlsFailure no_room() {
  return {TlsFailureCode::internal, "no memory for records"};
}

}  // namespace

TlsLines::TlsLines(const Settings& settings, TlsCounters& counters,
                   std::pmr::memory_resource& memory)
    : counters_(counters),
      client_(settings.client),
      tickets_(settings.secret, settings.start),
      records_(settings.record_bytes, memory),
      plain_(plain_bytes + readable_padding, &memory),
      secret_(secret_bytes, &memory),
      servers_(settings.listeners),
      lines_(settings.connections, &memory) {}

TlsLines::~TlsLines() = default;

std::expected<void, TlsFailure> TlsLines::serve(std::uint32_t listener, const ListenerTls& tls,
                                                TlsProtocol protocol) {
  auto context = TlsContext::server(
      library_, tls.materials,
      {.verify = tls.verify, .protocol = protocol, .ticket_keys = &tickets_.keys()});
  if (!context) return std::unexpected(std::move(context.error()));
  servers_[listener].emplace(std::move(*context));
  return {};
}

TlsLine* TlsLines::accept(Instant now, std::uint32_t slot, std::uint32_t listener,
                          const NetworkAddress& peer) {
  if (!servers_[listener]) return nullptr;
  return begin(now, slot, peer, TlsSession::accept(*servers_[listener]));
}

TlsLine* TlsLines::connect(Instant now, std::uint32_t slot, const NetworkAddress& peer,
                           std::string_view domain) {
  if (domain.empty()) domain = client_.domain;
  auto context = client_context(peer.transport);
  if (!context) return begin(now, slot, peer, std::unexpected(std::move(context.error())));
  const std::size_t hash = std::hash<std::string_view>{}(domain);
  TlsLine* const line =
      begin(now, slot, peer, TlsSession::connect(**context, domain, take_ticket(peer, hash)));
  if (line != nullptr) line->domain_hash = hash;
  return line;
}

TlsLine* TlsLines::begin(Instant now, std::uint32_t slot, const NetworkAddress& peer,
                         std::expected<TlsSession, TlsFailure>&& session) {
  if (!session) {
    counters_.note_failure(session.error().code, peer);
    return nullptr;
  }
  lines_[slot] = std::make_unique<TlsLine>(std::move(*session));
  ++with_buffers_;
  touch(now, *lines_[slot]);
  return lines_[slot].get();
}

std::expected<TlsContext*, TlsFailure> TlsLines::client_context(Transport transport) {
  std::optional<TlsContext>& context =
      transport == Transport::wss ? websocket_client_ : sip_client_;
  if (!context) {
    auto made =
        TlsContext::client(library_, client_.material,
                           {.verify = client_.verify, .protocol = tls_protocol_of(transport)});
    if (!made) return std::unexpected(std::move(made.error()));
    context.emplace(std::move(*made));
  }
  return &*context;
}

// A ticket is for the name that it was given under, and for no other (RFC 8446 section 4.6.1).
TlsTicket TlsLines::take_ticket(const NetworkAddress& peer, std::size_t domain_hash) {
  const auto found = std::ranges::find_if(known_, [&](const Known& known) {
    return known.peer == peer && known.domain_hash == domain_hash;
  });
  if (found == known_.end()) return {};
  TlsTicket ticket = std::move(found->ticket);
  known_.erase(found);
  return ticket;
}

void TlsLines::end(std::uint32_t slot, const NetworkAddress& peer) {
  const std::unique_ptr<TlsLine> line = std::move(lines_[slot]);
  if (line == nullptr) return;
  if (line->has_buffers) --with_buffers_;
  if (!line->session.is_open() || !client_.resumes) return;
  TlsTicket ticket = line->session.take_ticket();
  if (!ticket) return;
  if (known_.size() == most_tickets) known_.erase(known_.begin());
  known_.push_back({peer, line->domain_hash, std::move(ticket)});
}

// What OpenSSL had to say goes into a buffer of its size.
bool TlsLines::keep_record(TlsLine& line, const TlsWire& wire) {
  if (wire.written == 0) return true;
  Ref<Buffer> octets = records_.copy({wire.out.data(), wire.written});
  return octets && line.push(std::move(octets), 0);
}

std::expected<bool, TlsFailure> TlsLines::shake(Instant now, TlsLine& line,
                                                std::string_view& octets) {
  touch(now, line);
  for (;;) {
    TlsWire wire{.in = octets, .out = secret_, .written = 0};
    auto done = line.session.handshake(wire);
    octets = wire.in;
    const bool is_kept = keep_record(line, wire);
    if (done && !is_kept) return std::unexpected(no_room());
    if (done && *done) {
      ++counters_.handshakes;
      if (line.session.was_resumed()) ++counters_.resumed;
    }
    // Room may have run out in the middle of a long chain of certificates.
    if (!done || *done || wire.room() != 0) return done;
  }
}

std::expected<std::span<char>, TlsFailure> TlsLines::read(Instant now, TlsLine& line,
                                                          std::string_view& octets) {
  touch(now, line);
  TlsWire wire{.in = octets, .out = secret_, .written = 0};
  const auto taken = line.session.read(wire, std::span(plain_).first(TlsSession::largest_record));
  octets = wire.in;
  if (!keep_record(line, wire)) return std::unexpected(no_room());
  if (!taken) return std::unexpected(taken.error());
  return std::span(plain_).first(*taken);
}

std::expected<std::uint32_t, TlsFailure> TlsLines::write(Instant now, TlsLine& line,
                                                         std::span<const std::string_view> pieces) {
  touch(now, line);
  std::size_t size = 0;
  for (const std::string_view piece : pieces) {
    const std::size_t part = std::min(piece.size(), plain_bytes - size);
    std::memcpy(plain_.data() + size, piece.data(), part);
    size += part;
  }
  Ref<Buffer> record = records_.acquire(TlsSession::room_for(size));
  if (!record) return std::unexpected(no_room());
  TlsWire wire{.in = {}, .out = {record->data(), record->capacity()}, .written = 0};
  if (auto written = line.session.write(wire, {plain_.data(), size}); !written)
    return std::unexpected(written.error());
  record->resize(static_cast<std::uint32_t>(wire.written));
  const auto plain = static_cast<std::uint32_t>(size);
  if (!line.push(std::move(record), plain)) return std::unexpected(no_room());
  return plain;
}

void TlsLines::close(TlsLine& line) {
  TlsWire wire{.in = {}, .out = secret_, .written = 0};
  line.session.close(wire);
  (void)keep_record(line, wire);  // without room the connection ends without close_notify
  line.ends_writing = true;
}

void TlsLines::touch(Instant now, TlsLine& line) {
  line.used = now;
  if (!line.has_buffers) ++with_buffers_;
  line.has_buffers = true;
  if (look_at_ == never) look_at_ = now + idle;
}

void TlsLines::advance(Instant now) {
  tickets_.advance(now);
  if (look_at_ <= now) release_idle_buffers(now);
}

// OpenSSL's own mode gives them back after each record, and makes new ones for the next.
void TlsLines::release_idle_buffers(Instant now) {
  for (const std::unique_ptr<TlsLine>& line : lines_) {
    if (line == nullptr || !line->has_buffers || now - line->used < idle) continue;
    if (!line->session.is_open() || !line->session.release_buffers()) continue;
    line->has_buffers = false;
    --with_buffers_;
  }
  look_at_ = with_buffers_ == 0 ? never : now + idle;
}

Instant TlsLines::next_deadline() const {
  return std::min(tickets_.next_deadline(), look_at_);
}

}  // namespace sipring
