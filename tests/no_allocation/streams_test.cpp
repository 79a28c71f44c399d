// Streams of a server over loopback: what its shard allocates for a message, once it is warm.
// OpenSSL has the memory that the command gives it, so that what it takes is counted by itself.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include <tls_memory.h>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tests/core/stream/websocket_reading.h"
#include "tests/io/loopback.h"
#include "tests/io/stream/stream_peer.h"
#include "tests/io/stream/tls_peer.h"
#include "tests/io/tls/authority.h"
#include "tests/no_allocation/allocations.h"

namespace sipring {
namespace {

const bool openssl_is_apart = app::give_tls_its_memory();

constexpr int warm_up = 300, measured = 300;

// Of the shard's thread, before the first measured message and behind the last.
struct Seen {
  std::atomic<std::uint64_t> messages = 0;
  std::array<std::uint64_t, 2> system{}, openssl{};
};

class Answerer : public TransactionUser {
 public:
  explicit Answerer(Seen& seen) : seen_(seen) {}
  void on_output(Engine& engine, Instant now, const Output& output) override {
    const auto* request = std::get_if<RequestReceived>(&output);
    if (request == nullptr || !request->transaction) return;
    (void)engine.respond(now, request->transaction, Response{});
    const std::uint64_t number = ++seen_.messages;
    if (number == warm_up) note(0);
    if (number == warm_up + measured) note(1);
  }

 private:
  void note(std::size_t which) {
    seen_.system.at(which) = test::allocations();
    seen_.openssl.at(which) = app::tls_allocations();
  }
  Seen& seen_;
};

class NoAllocationInStreams : public testing::Test {
 protected:
  // Starts a server for the transport.
  NetworkAddress listen(Transport transport) {
    ServerOptions options;
    options.shards = 1;
    options.shard.pin = false;
    NetworkAddress address = test::loopback_v4();
    address.transport = transport;
    options.listeners = {address};
    if (transport == Transport::tls || transport == Transport::wss)
      options.tls = {{.listener = 0, .materials = {authority_.material({.common_name = "a"})}}};
    auto started =
        Server::start(options, [&](ShardContext&) { return std::make_unique<Answerer>(seen_); });
    EXPECT_TRUE(started.has_value());
    server_ = std::move(*started);
    return server_->listeners()[0].address;
  }
  static std::string request(Transport transport, int number) {
    std::string text = test::request("OPTIONS", number);
    return text.replace(text.find("/UDP"), 4, "/" + std::string(to_string(transport)));
  }
  // One at a time, each answered.
  template <class Peer>
  void ask(Peer& peer, const std::function<std::string(int)>& message) {
    for (int number = 0; number < warm_up + measured + 1; ++number) {
      ASSERT_TRUE(peer.send(message(number)));
      while (peer.received().find("\r\n\r\n", read_) == std::string::npos)
        ASSERT_TRUE(peer.receive_more()) << number;
      read_ = peer.received().find("\r\n\r\n", read_) + 4;
    }
  }
  [[nodiscard]] std::uint64_t from_the_system() const { return seen_.system[1] - seen_.system[0]; }
  [[nodiscard]] double by_openssl() const {
    return static_cast<double>(seen_.openssl[1] - seen_.openssl[0]) / measured;
  }

  static constexpr std::string_view upgrade =
      "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      "Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\n\r\n";

  Seen seen_;
  test::Authority authority_;
  std::unique_ptr<Server> server_;
  std::size_t read_ = 0;
};

TEST_F(NoAllocationInStreams, for_a_message_over_TCP) {
  test::StreamPeer peer(listen(Transport::tcp));
  ask(peer, [](int number) { return request(Transport::tcp, number); });
  EXPECT_EQ(from_the_system(), 0U);
}

TEST_F(NoAllocationInStreams, for_a_message_over_a_WebSocket) {
  test::StreamPeer peer(listen(Transport::ws));
  ASSERT_TRUE(peer.send(upgrade));
  ASSERT_TRUE(peer.receive());
  ask(peer, [](int number) { return test::frame(request(Transport::ws, number)); });
  EXPECT_EQ(from_the_system(), 0U);
}

TEST_F(NoAllocationInStreams, but_four_of_OpenSSLs_own_for_a_message_over_TLS) {
  ASSERT_TRUE(openssl_is_apart);
  test::TlsPeer peer(listen(Transport::tls));
  ask(peer, [](int number) { return request(Transport::tls, number); });
  EXPECT_EQ(from_the_system(), 0U) << "neither by us nor by OpenSSL";
  EXPECT_LE(by_openssl(), 4.0);
  EXPECT_GT(by_openssl(), 0.0) << "or nothing is counted";
}

TEST_F(NoAllocationInStreams, but_four_of_OpenSSLs_own_for_a_message_over_a_secure_WebSocket) {
  ASSERT_TRUE(openssl_is_apart);
  test::TlsPeer peer(listen(Transport::wss));
  ASSERT_TRUE(peer.send(upgrade));
  ASSERT_TRUE(peer.receive());
  ask(peer, [](int number) { return test::frame(request(Transport::wss, number)); });
  EXPECT_EQ(from_the_system(), 0U) << "neither by us nor by OpenSSL";
  EXPECT_LE(by_openssl(), 4.0);
  EXPECT_GT(by_openssl(), 0.0) << "or nothing is counted";
}

}  // namespace
}  // namespace sipring
