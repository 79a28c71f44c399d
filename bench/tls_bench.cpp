// TLS over memory: what a handshake, a message and an idle connection cost, the server's side and
// the client's together. Octets are counted where OpenSSL asks for them.
// SPDX-License-Identifier: MIT
#include <sipring/io/tls/session.h>

#include <openssl/crypto.h>

#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sipring {
namespace {

std::ptrdiff_t octets_held = 0;

// In front of each block stands its size.
struct alignas(std::max_align_t) Head {
  std::size_t size;
};

void* take(std::size_t size, const char*, int) {
  auto* const head = static_cast<Head*>(std::malloc(sizeof(Head) + size));
  if (head == nullptr) return nullptr;
  head->size = size;
  octets_held += static_cast<std::ptrdiff_t>(size);
  return head + 1;
}
void give_back(void* block, const char*, int) {
  if (block == nullptr) return;
  Head* const head = static_cast<Head*>(block) - 1;
  octets_held -= static_cast<std::ptrdiff_t>(head->size);
  std::free(head);
}
void* resize(void* block, std::size_t size, const char* file, int line) {
  if (block == nullptr) return take(size, file, line);
  Head* const head = static_cast<Head*>(block) - 1;
  const std::size_t before = head->size;
  auto* const moved = static_cast<Head*>(std::realloc(head, sizeof(Head) + size));
  if (moved == nullptr) return nullptr;
  moved->size = size;
  octets_held += static_cast<std::ptrdiff_t>(size) - static_cast<std::ptrdiff_t>(before);
  return moved + 1;
}
// OpenSSL refuses it once it has asked for memory.
const bool counts = CRYPTO_set_mem_functions(take, resize, give_back) == 1;

// A client and a server that know each other.
struct Ends {
  Ends() {
    keys.add(draw_ticket_key());
    const std::array<std::string, 1> names{"example.com"};
    const TlsMaterial pair = make_self_signed(names).value();
    server = TlsContext::server(library, std::vector{pair}, {.ticket_keys = &keys}).value();
    client = TlsContext::client(library, {.authorities = pair.certificate}, {}).value();
  }
  TlsLibrary library;
  TicketKeys keys;
  std::optional<TlsContext> server, client;
};

struct Joined {
  explicit Joined(const Ends& ends, TlsTicket ticket = {})
      : client(TlsSession::connect(*ends.client, "example.com", std::move(ticket)).value()),
        server(TlsSession::accept(*ends.server).value()) {
    while (!client.is_open() || !server.is_open()) {
      to_server.append(shake(client, to_client));
      to_client.append(shake(server, to_server));
    }
    (void)hear(client, to_client);  // the ticket
  }

  // Octets that are to leave.
  std::string shake(TlsSession& session, std::string& incoming) {
    if (session.is_open()) return {};
    TlsWire wire{.in = incoming, .out = room};
    (void)session.handshake(wire).value();
    incoming.erase(0, incoming.size() - wire.in.size());
    return {room.data(), wire.written};
  }
  std::size_t hear(TlsSession& session, std::string& incoming) {
    TlsWire wire{.in = incoming, .out = room};
    const std::size_t size = session.read(wire, plain).value();
    incoming.clear();
    return size;
  }
  // One message from the client to the server.
  void pass(std::string_view message) {
    TlsWire wire{.in = {}, .out = room};
    (void)client.write(wire, message);
    to_server.assign(room.data(), wire.written);
    benchmark::DoNotOptimize(hear(server, to_server));
  }

  TlsSession client, server;
  std::string to_client, to_server;
  std::array<char, 20'000> room;
  std::array<char, 20'000> plain;
};

void handshake(benchmark::State& state) {
  const Ends ends;
  for (auto _ : state) benchmark::DoNotOptimize(Joined(ends).server.is_open());
}
BENCHMARK(handshake)->Unit(benchmark::kMicrosecond);

void handshake_resumed(benchmark::State& state) {
  const Ends ends;
  TlsTicket ticket = Joined(ends).client.take_ticket();
  for (auto _ : state) {
    Joined joined(ends, std::move(ticket));
    if (!joined.server.was_resumed()) return state.SkipWithError("not resumed");
    ticket = joined.client.take_ticket();
  }
}
BENCHMARK(handshake_resumed)->Unit(benchmark::kMicrosecond);

// Sealed by one side and opened by the other.
void message_of_600_octets(benchmark::State& state) {
  const Ends ends;
  Joined joined(ends);
  const std::string message(600, 'x');
  for (auto _ : state) joined.pass(message);
}
BENCHMARK(message_of_600_octets);

// Of the server's side, which a program has thousands of.
void idle_connection(benchmark::State& state) {
  const Ends ends;
  constexpr std::ptrdiff_t connections = 100;
  double octets = 0;
  for (auto _ : state) {
    std::vector<TlsSession> held;
    held.reserve(connections);
    std::ptrdiff_t before = 0;
    {
      std::vector<std::unique_ptr<Joined>> joined;
      before = octets_held;
      for (std::ptrdiff_t i = 0; i < connections; ++i) {
        joined.push_back(std::make_unique<Joined>(ends));
        joined.back()->pass("a message, so that all is in place");
        (void)joined.back()->server.release_buffers();
        held.push_back(std::move(joined.back()->server));
      }
    }
    octets = static_cast<double>(octets_held - before) / connections;
  }
  if (!counts) return state.SkipWithError("OpenSSL's memory is not counted");
  state.counters["octets"] = octets;
}
BENCHMARK(idle_connection)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace sipring
