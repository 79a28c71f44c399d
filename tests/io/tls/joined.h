// Two ends of TLS joined by memory.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/tls/session.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace sipring::test {

// One end, and what has come for it.
struct End {
  explicit End(TlsSession its_session) : session(std::move(its_session)) {}
  TlsSession session;
  std::string incoming;
  std::string plain;
  std::optional<TlsFailure> failure;

  // `grain`: octets that come at once, and room that there is for what leaves.
  struct Grain {
    std::size_t in = 65'536;
    std::size_t out = 65'536;
  };

  // Takes all that has come; what it writes goes to `other`. False: nothing moved.
  bool step(End& other, Grain grain) {
    if (failure) return false;
    const std::size_t before = incoming.size() + other.incoming.size() + plain.size();
    const bool was_open = session.is_open();
    do {
      const std::size_t size = std::min(grain.in, incoming.size());
      const std::string piece = incoming.substr(0, size);
      incoming.erase(0, size);
      take(other, piece, grain.out);
    } while (!incoming.empty() && !failure);
    return before != incoming.size() + other.incoming.size() + plain.size() ||
           was_open != session.is_open();
  }

  void say(End& other, std::string_view text) {
    room.resize(TlsSession::room_for(text.size()));
    TlsWire wire{.in = {}, .out = room};
    if (const auto written = session.write(wire, text); !written) failure = written.error();
    other.incoming.append(room.data(), wire.written);
  }
  void close(End& other) {
    room.resize(TlsSession::overhead);
    TlsWire wire{.in = {}, .out = room};
    session.close(wire);
    other.incoming.append(room.data(), wire.written);
  }

 private:
  void take(End& other, std::string_view piece, std::size_t out) {
    TlsWire wire{.in = piece, .out = {}};
    for (bool more = true; more && !failure;) {
      room.resize(session.is_open() ? std::max(out, TlsSession::overhead) : out);
      wire.out = room;
      wire.written = 0;
      more = session.is_open() ? read(wire) : shake(wire);
      other.incoming.append(room.data(), wire.written);
      more |= wire.written == wire.out.size();  // it may have more to say
    }
  }
  bool shake(TlsWire& wire) {
    const auto done = session.handshake(wire);
    if (!done) failure = done.error();
    return done && *done;
  }
  bool read(TlsWire& wire) {
    std::array<char, 20'000> text;
    const auto size = session.read(wire, text);
    if (!size) failure = size.error();
    if (size) plain.append(text.data(), *size);
    return size && *size != 0;
  }
  std::string room;
};

struct Pair {
  End client;
  End server;

  // Until nothing moves any more.
  void run(End::Grain grain = {}) {
    for (bool moved = true; moved;) {
      moved = client.step(server, grain);
      moved |= server.step(client, grain);
    }
  }
  [[nodiscard]] bool is_open() const {
    return client.session.is_open() && server.session.is_open() && !client.failure &&
           !server.failure;
  }
};

inline Pair join(const TlsContext& client, const TlsContext& server, std::string_view domain,
                 TlsTicket ticket = {}) {
  return {End(TlsSession::connect(client, domain, std::move(ticket)).value()),
          End(TlsSession::accept(server).value())};
}

}  // namespace sipring::test
