// SPDX-License-Identifier: MIT
#include <sipring/io/tls/session_memory.h>

#include <sipring/io/tls/session.h>
#include <sipring/io/tls_material.h>

#include <malloc.h>
#include <openssl/crypto.h>

#include <array>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace sipring {
namespace {

constexpr std::size_t measured = 64;

thread_local std::size_t octets = 0;  // OpenSSL's, of this thread

void* take(std::size_t size, const char*, int) {
  void* const piece = std::malloc(size);
  octets += ::malloc_usable_size(piece);
  return piece;
}
void* resize(void* piece, std::size_t size, const char*, int) {
  const std::size_t before = ::malloc_usable_size(piece);
  void* const resized = std::realloc(piece, size);
  if (resized != nullptr || size == 0) octets += ::malloc_usable_size(resized) - before;
  return resized;
}
void give_back(void* piece, const char*, int) {
  octets -= ::malloc_usable_size(piece);
  std::free(piece);
}

// Once and for all, before OpenSSL has asked for anything.
bool counts() {
  static const bool does = CRYPTO_set_mem_functions(take, resize, give_back) == 1;
  return does;
}

// Two ends joined by memory.
class Joined {
 public:
  bool shake_hands(TlsSession& client, TlsSession& server) {
    size_ = 0;
    for (int flight = 0; flight < 4; ++flight) {
      if (!step(client) || !step(server)) return false;
      if (client.is_open() && server.is_open()) return true;
    }
    return false;
  }

 private:
  // Takes what the other one has said, and says its own.
  bool step(TlsSession& session) {
    std::swap(incoming_, outgoing_);
    TlsWire wire{.in = {incoming_.data(), std::exchange(size_, 0)}, .out = outgoing_};
    const bool is_done = session.is_open() || session.handshake(wire).has_value();
    size_ = wire.written;
    return is_done;
  }

  std::vector<char> incoming_ = std::vector<char>(16'384), outgoing_ = incoming_;
  std::size_t size_ = 0;  // of what is outgoing
};

std::vector<TlsSession> open_sessions(const TlsContext& client, const TlsContext& server) {
  std::vector<TlsSession> sessions;
  Joined joined;
  while (sessions.size() < measured) {
    auto far = TlsSession::connect(client, {});
    auto near = TlsSession::accept(server);
    if (!far || !near || !joined.shake_hands(*far, *near)) return {};
    sessions.push_back(std::move(*near));
  }
  return sessions;
}

}  // namespace

std::optional<SessionMemory> measure_session_memory(TlsProtocol protocol) {
  if (!counts()) return std::nullopt;
  const std::array<std::string, 1> names{"sipring.invalid"};
  auto material = make_self_signed(names);
  if (!material) return std::nullopt;
  TlsLibrary library;
  const auto server = TlsContext::server(library, {&*material, 1}, {.protocol = protocol});
  const auto client = TlsContext::client(library, {}, {.verify = false, .protocol = protocol});
  if (!server || !client) return std::nullopt;
  std::vector<TlsSession> sessions = open_sessions(*client, *server);
  if (sessions.empty()) return std::nullopt;

  const std::size_t with_buffers = octets;
  for (TlsSession& session : sessions)
    if (!session.release_buffers()) return std::nullopt;
  const std::size_t without = octets;
  sessions.clear();
  return SessionMemory{.idle = (without - octets) / measured,
                       .active = (with_buffers - octets) / measured};
}

}  // namespace sipring
