// TlsLines: the TLS of a shard's connections: what its listeners show, and a session for each
// connection. Ciphertext goes in, plaintext comes out, and records to be sent stay with their line.
//
// It never sees a socket. Slots are those of the connections.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/time.h>
#include <sipring/io/io_counters.h>
#include <sipring/io/stream/tls_line.h>
#include <sipring/io/tls/context.h>
#include <sipring/io/tls/library.h>
#include <sipring/io/tls/ticket_key_chain.h>
#include <sipring/io/tls_options.h>
#include <sipring/pools/buffer.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sipring {

class TlsLines {
 public:
  struct Settings {
    std::uint32_t connections = 0;
    std::uint32_t listeners = 0;
    std::size_t record_bytes = 0;  // memory of records that have not left
    ClientTls client;
    TicketSecret secret{};  // of the server's tickets; the same for all shards, as is `start`
    Instant start{};
  };
  // Throws std::bad_alloc.
  TlsLines(const Settings& settings, TlsCounters& counters, std::pmr::memory_resource& memory);
  ~TlsLines();
  TlsLines(const TlsLines&) = delete;
  TlsLines& operator=(const TlsLines&) = delete;

  // What the listener shows from now on; connections that there are keep what they have. A failure
  // changes nothing.
  [[nodiscard]] std::expected<void, TlsFailure> serve(std::uint32_t listener,
                                                      const ListenerTls& tls, TlsProtocol protocol);

  // Of a connection that has come by this listener, or that we have opened. nullptr: a failure,
  // which has been counted.
  TlsLine* accept(Instant now, std::uint32_t slot, std::uint32_t listener,
                  const NetworkAddress& peer);
  // `domain`: whom the server must speak for; empty: ClientTls says.
  TlsLine* connect(Instant now, std::uint32_t slot, const NetworkAddress& peer,
                   std::string_view domain);
  // Its connection has ended. A ticket that it got is for the next one to this peer and domain.
  void end(std::uint32_t slot, const NetworkAddress& peer);
  [[nodiscard]] TlsLine* find(std::uint32_t slot) const { return lines_[slot].get(); }

  // One step with these octets, of which it takes what it needs. True: hands have been shaken.
  // What is to be sent is among the line's records, also after a failure: the alert that says why.
  [[nodiscard]] std::expected<bool, TlsFailure> shake(Instant now, TlsLine& line,
                                                      std::string_view& octets);
  // The plaintext of a record, until the next call; followed by what parsers may read. Empty: there
  // is no more in these octets.
  [[nodiscard]] std::expected<std::span<char>, TlsFailure> read(Instant now, TlsLine& line,
                                                                std::string_view& octets);
  // As much of the pieces as one record holds; how much that was.
  [[nodiscard]] std::expected<std::uint32_t, TlsFailure> write(
      Instant now, TlsLine& line, std::span<const std::string_view> pieces);
  // Sends close_notify, if that is possible.
  void close(TlsLine& line);

  // New ticket keys, and the buffers of those that have fallen idle.
  void advance(Instant now);
  [[nodiscard]] Instant next_deadline() const;

 private:
  static constexpr Duration idle = std::chrono::seconds(1);
  static constexpr std::size_t most_tickets = 64;

  TlsLine* begin(Instant now, std::uint32_t slot, const NetworkAddress& peer,
                 std::expected<TlsSession, TlsFailure>&& session);
  [[nodiscard]] std::expected<TlsContext*, TlsFailure> client_context(Transport transport);
  [[nodiscard]] TlsTicket take_ticket(const NetworkAddress& peer, std::size_t domain_hash);
  [[nodiscard]] bool keep_record(TlsLine& line, const TlsWire& wire);
  void touch(Instant now, TlsLine& line);
  void release_idle_buffers(Instant now);

  TlsCounters& counters_;
  ClientTls client_;
  TlsLibrary library_;
  TicketKeyChain tickets_;
  BufferPool records_;
  std::pmr::vector<char> plain_;   // one record, and what parsers may read behind it
  std::pmr::vector<char> secret_;  // likewise, as it is sent
  std::vector<std::optional<TlsContext>> servers_;  // by listener
  std::optional<TlsContext> sip_client_;
  std::optional<TlsContext> websocket_client_;
  struct Known {
    NetworkAddress peer;
    std::size_t domain_hash = 0;
    TlsTicket ticket;
  };
  std::vector<Known> known_;                          // of servers; the oldest first
  std::pmr::vector<std::unique_ptr<TlsLine>> lines_;  // by slot
  std::uint32_t with_buffers_ = 0;                    // lines
  Instant look_at_ = never;                           // for such as have fallen idle
};

// Of a listener's transport, or of a target's.
[[nodiscard]] constexpr TlsProtocol tls_protocol_of(Transport transport) {
  return transport == Transport::wss ? TlsProtocol::websocket : TlsProtocol::sip;
}

}  // namespace sipring
