// TLS over loopback, with a peer that is OpenSSL's own: sockets, ring, connections, shards, engine.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/core/stream/websocket_reading.h"
#include "tests/io/stream/stream_fixture.h"
#include "tests/io/stream/stream_peer.h"
#include "tests/io/stream/tls_peer.h"
#include "tests/io/tls/authority.h"

namespace sipring {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using test::StreamPeer;
using test::TlsPeer;

class TlsPortsTest : public test::StreamFixture {
 protected:
  static constexpr std::size_t secure = 0, secure_websocket = 1;

  TlsPortsTest() : StreamFixture(Transport::tls) {
    options_.listeners = {of(Transport::tls), of(Transport::wss)};
    options_.tls = {shown(0, "first"), shown(1, "first")};
    options_.shard.turn_limits.budget = {};  // cryptography under a sanitizer looks like overload
    options_.client_tls = {.material = authority_.trust(), .domain = "first.example"};
  }
  ListenerTls shown(std::uint32_t listener, const std::string& name) const {
    return {.listener = listener,
            .materials = {authority_.material(
                {.common_name = name, .alternatives = "DNS:" + name + ".example"})}};
  }
  bool answers(TlsPeer& peer, int number) const {
    return peer.send(request("OPTIONS", number)) &&
           peer.receive().value_or("").starts_with("SIP/2.0 200 ");
  }
  // How many of so many peers that come at once are answered.
  int answered_of(int count) const {
    std::atomic<int> answered = 0;
    std::vector<std::jthread> peers;
    for (int i = 0; i < count; ++i) {
      peers.emplace_back([this, &answered, i] {
        TlsPeer peer(address());
        if (peer.is_open() && answers(peer, i)) ++answered;
      });
    }
    peers.clear();
    return answered;
  }
  bool fails_by(TlsFailureCode code, std::uint64_t count = 1) const {
    return comes_true(
        [&] { return server_->metrics().tls.failures[std::to_underlying(code)] == count; });
  }

  test::Authority authority_;
};

TEST_F(TlsPortsTest, answers_come_by_the_connection_of_their_request) {
  start();
  TlsPeer one(address());
  TlsPeer other(address());
  ASSERT_TRUE(one.is_open() && other.is_open());
  EXPECT_TRUE(answers(other, 2));
  EXPECT_TRUE(answers(one, 1));
  EXPECT_EQ(one.server_name(), "first");
  EXPECT_TRUE(comes_true([&] { return server_->metrics().tls.handshakes == 2; }));
}

TEST_F(TlsPortsTest, many_in_one_record_and_one_in_many_records_are_answered) {
  start();
  TlsPeer peer(address());
  std::string many;
  for (int i = 0; i < 200; ++i) many += request("OPTIONS", i);
  ASSERT_TRUE(peer.send(many));
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(peer.receive().has_value()) << i;
  for (const char octet : request("OPTIONS", 1'000)) ASSERT_TRUE(peer.send({&octet, 1}));
  EXPECT_TRUE(peer.receive().value_or("").starts_with("SIP/2.0 200 "));
}

// The last message ends in the middle of a record and of a turn, and nothing more comes.
TEST_F(TlsPortsTest, what_is_left_of_a_turns_share_is_read_though_nothing_more_comes) {
  start();
  TlsPeer peer(address());
  std::string all;
  for (int i = 0; i < 1'500; ++i) all += request("OPTIONS", i);
  ASSERT_TRUE(peer.send(all));
  for (int i = 0; i < 1'500; ++i) ASSERT_TRUE(peer.receive().has_value()) << i;
}

TEST_F(TlsPortsTest, a_peer_that_reads_late_gets_every_answer_and_waits_meanwhile) {
  start();
  TlsPeer peer(address(), {.room = 4'096});
  int asked = 0;
  const std::string padding(400, 'x');
  while (asked < 100'000 && peer.send_some(request("OPTIONS", asked, padding), 300)) ++asked;
  ASSERT_LT(asked, 100'000) << "the server reads on though nobody reads its answers";
  for (int i = 0; i < asked; ++i) {
    const std::string call = test::header_of(peer.receive().value_or(""), "Call-ID");
    ASSERT_EQ(call, "call-" + std::to_string(i) + "@127.0.0.1") << "of " << asked;
  }
}

TEST_F(TlsPortsTest, requests_to_who_accepts_and_never_speaks_hold_nobody_up) {
  start();
  std::vector<test::StreamListener> silent(25);
  TlsPeer peer(address());
  for (int i = 0; i < 25; ++i) {
    const std::string port = std::to_string(silent[static_cast<std::size_t>(i)].address().port);
    ASSERT_TRUE(peer.send(request("CALL", i, port)));
    ASSERT_TRUE(peer.receive().has_value()) << i;
  }
  std::vector<StreamPeer> theirs;
  for (const test::StreamListener& listener : silent) {
    auto connection = listener.accept();
    ASSERT_TRUE(connection);
    ASSERT_TRUE(connection->receive_more()) << "a hello that nobody answers";
    theirs.push_back(std::move(*connection));
  }
  for (int i = 100; i < 200; ++i) ASSERT_TRUE(answers(peer, i)) << i;
  EXPECT_EQ(told_.transport_failures, 0) << "they wait for their deadline";
}

TEST_F(TlsPortsTest, a_burst_of_handshakes_is_served_step_by_step) {
  start();
  EXPECT_EQ(answered_of(40), 40);
}

// What the peers' threads have left in OpenSSL is in pages that nobody owns when they have ended,
// and the next one to need a page is a shard.
TEST_F(TlsPortsTest, a_server_that_stops_leaves_alone_what_other_threads_have_left_behind) {
  for (int i = 0; i < 6; ++i) {
    start();
    EXPECT_EQ(answered_of(40), 40);
    server_.reset();
  }
}

TEST_F(TlsPortsTest, a_session_is_resumed_on_whichever_shard) {
  options_.shards = 2;
  start();
  for (const int newest : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPeer first(address(), {.newest = newest});
    ASSERT_TRUE(answers(first, 1));
    auto session = first.take_session();
    for (int i = 0; i < 16; ++i) {  // the kernel spreads them over the shards
      ASSERT_TRUE(session);
      TlsPeer again(address(), {.session = session.get(), .newest = newest});
      ASSERT_TRUE(answers(again, i));
      EXPECT_TRUE(again.was_resumed()) << i;
      // OpenSSL uses a ticket of TLS 1.3 once (RFC 8446 appendix C.4); each brings the next.
      if (newest == TLS1_3_VERSION) session = again.take_session();
    }
  }
  EXPECT_TRUE(comes_true([&] { return server_->metrics().tls.resumed == 32; }));
}

TEST_F(TlsPortsTest, who_has_to_show_a_certificate_and_does_not_is_refused) {
  options_.tls[0].verify = TlsVerify::require;
  start();
  TlsPeer stranger(address());
  EXPECT_FALSE(stranger.is_open() && answers(stranger, 1));
  EXPECT_TRUE(fails_by(TlsFailureCode::no_certificate));
  const TlsMaterial material = authority_.material({.common_name = "client"});
  TlsPeer known(address(), {.material = &material});
  EXPECT_TRUE(answers(known, 2));
  const test::Authority other;
  const TlsMaterial foreign = other.material({.common_name = "client"});
  TlsPeer unknown(address(), {.material = &foreign});
  EXPECT_FALSE(unknown.is_open() && answers(unknown, 3));
  EXPECT_TRUE(fails_by(TlsFailureCode::unknown_authority));
}

TEST_F(TlsPortsTest, old_versions_and_plain_text_are_refused_by_name) {
  start();
  EXPECT_FALSE(TlsPeer(address(), {.newest = TLS1_1_VERSION}).is_open());
  EXPECT_TRUE(fails_by(TlsFailureCode::version_too_old));
  StreamPeer plain(address());
  ASSERT_TRUE(plain.send(request("OPTIONS", 1)));
  EXPECT_TRUE(fails_by(TlsFailureCode::not_tls));
  EXPECT_TRUE(comes_true([&] {
    const auto& closed = server_->metrics().connections.closed;
    return closed[std::to_underlying(CloseReason::handshake_failed)] == 2;
  }));
  EXPECT_EQ(server_->metrics().tls.last_peer.ip, address().ip);
}

TEST_F(TlsPortsTest, certificates_are_renewed_and_no_connection_falls) {
  start();
  TlsPeer before(address());
  ASSERT_TRUE(answers(before, 1));
  const Flow listener = server_->listeners()[secure].flow;
  ASSERT_TRUE(server_->renew(listener, shown(0, "second")).has_value());
  TlsPeer after(address());
  EXPECT_TRUE(answers(after, 2));
  EXPECT_EQ(after.server_name(), "second");
  EXPECT_TRUE(answers(before, 3));

  ListenerTls wrong = shown(0, "third");
  wrong.materials[0].key = shown(0, "fourth").materials[0].key;
  const auto refused = server_->renew(listener, wrong);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, OpenErrorCode::certificate);
  EXPECT_NE(refused.error().text.find("key_mismatch"), std::string::npos) << refused.error().text;
  EXPECT_EQ(TlsPeer(address()).server_name(), "second");
}

TEST_F(TlsPortsTest, a_listener_without_a_certificate_is_an_error_by_name) {
  options_.tls.clear();
  const auto started = try_to_start(options_);
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().code, OpenErrorCode::certificate);
}

TEST_F(TlsPortsTest, listeners_for_tls_come_while_the_server_runs) {
  start();
  EXPECT_EQ(server_->listen(of(Transport::tls)).error().code, OpenErrorCode::certificate);
  const auto listener = server_->listen(of(Transport::tls), shown(0, "late"));
  ASSERT_TRUE(listener.has_value()) << listener.error().text;
  TlsPeer peer(listener->address);
  EXPECT_TRUE(answers(peer, 1));
  EXPECT_EQ(peer.server_name(), "late");
}

TEST_F(TlsPortsTest, secure_websockets_carry_messages) {
  start();
  TlsPeer peer(address(secure_websocket));
  ASSERT_TRUE(
      peer.send("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                "Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\n\r\n"));
  ASSERT_TRUE(peer.receive().value_or("").starts_with("HTTP/1.1 101 "));
  std::string options = test::request("OPTIONS", 1);
  options.replace(options.find("/UDP 127.0.0.1"), 14, "/WSS x.invalid");
  ASSERT_TRUE(peer.send(test::frame(options)));
  std::vector<test::Heard> heard;
  while (heard.empty() && peer.receive_more())
    heard = test::hear(WebSocket(WebSocketRole::client), peer.received(), 1 << 20);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_TRUE(heard[0].text.starts_with("SIP/2.0 200 "));
}

// The server calls itself.
TEST_F(TlsPortsTest, a_request_opens_a_connection_to_who_speaks_for_the_domain) {
  start();
  TlsPeer peer(address());
  ASSERT_TRUE(peer.send(request("CALL", 1, std::to_string(address().port))));
  EXPECT_TRUE(comes_true([&] { return told_.responses == 1; }));
  EXPECT_TRUE(comes_true([&] { return server_->metrics().connections.connected == 1; }));
}

TEST_F(TlsPortsTest, a_request_does_not_go_to_who_does_not) {
  options_.client_tls.domain = "other.example";
  start();
  TlsPeer peer(address());
  ASSERT_TRUE(peer.send(request("CALL", 1, std::to_string(address().port))));
  EXPECT_TRUE(comes_true([&] { return told_.transport_failures == 1; }));
  EXPECT_TRUE(fails_by(TlsFailureCode::wrong_domain));
}

// RFC 5923. The peer says where it would be connected to; nobody listens there.
class TlsAliasTest : public TlsPortsTest {
 protected:
  TlsAliasTest() {
    options_.tls[0].verify = TlsVerify::request;
    options_.settings.flows.reuses_connections = true;
    options_.client_tls.domain = "peer.example";
    start();
  }
  // It asks to be called.
  void ask(const std::string& name, bool offers) {
    material_ = authority_.material({.common_name = "x", .alternatives = "DNS:" + name});
    peer_.emplace(address(), TlsPeer::Wish{.material = &material_});
    std::string text = request("CALL", 1, "9");
    if (offers) text.replace(text.find(";rport"), 6, ":9;Alias");
    ASSERT_TRUE(peer_->send(text));
    EXPECT_TRUE(peer_->receive().value_or("").starts_with("SIP/2.0 200 "));
  }
  bool is_refused_elsewhere() const {
    return comes_true([&] { return told_.transport_failures == 1; });
  }

  TlsMaterial material_;
  std::optional<TlsPeer> peer_;
};

TEST_F(TlsAliasTest, a_request_to_a_peer_leaves_by_the_connection_that_it_opened_and_offers) {
  ask("peer.example", true);
  EXPECT_TRUE(peer_->receive().value_or("").starts_with("OPTIONS "));
  EXPECT_EQ(told_.transport_failures, 0);
}

TEST_F(TlsAliasTest, not_to_one_who_has_not_offered_it) {
  ask("peer.example", false);
  EXPECT_TRUE(is_refused_elsewhere());
}

TEST_F(TlsAliasTest, not_to_one_whose_certificate_is_of_another_domain) {
  ask("other.example", true);
  EXPECT_TRUE(is_refused_elsewhere());
}

TEST_F(TlsPortsTest, a_server_that_stops_sends_close_notify_to_nobody_and_ends_all) {
  start();
  TlsPeer peer(address());
  ASSERT_TRUE(answers(peer, 1));
  server_->stop();
  server_->join();
  server_.reset();
  EXPECT_FALSE(peer.receive_more());
}

}  // namespace
}  // namespace sipring
