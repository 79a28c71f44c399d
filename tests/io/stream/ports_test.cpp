// Streams over loopback: sockets, ring, connections, shards, engine.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include <sipring/core/stream/websocket.h>

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "tests/core/stream/websocket_reading.h"
#include "tests/io/stream/stream_fixture.h"
#include "tests/io/stream/stream_peer.h"

namespace sipring {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using test::header_of;
using test::StreamListener;
using test::StreamPeer;

class StreamPortsTest : public test::StreamFixture {
 protected:
  StreamPortsTest() : StreamFixture(Transport::tcp) {
    options_.listeners = {of(Transport::tcp), of(Transport::ws), of(Transport::udp)};
    options_.entropy = Entropy{{1, 2, 3, 4}};
  }
  std::uint64_t closed(CloseReason reason) const {
    return server_->metrics().connections.closed[std::to_underlying(reason)];
  }
};

TEST_F(StreamPortsTest, answers_leave_by_the_connection_of_their_request) {
  start();
  StreamPeer one(address());
  StreamPeer other(address());
  ASSERT_TRUE(one.is_open() && other.is_open());
  ASSERT_TRUE(one.send(request("OPTIONS", 1)));
  ASSERT_TRUE(other.send(request("OPTIONS", 2)));
  EXPECT_EQ(header_of(other.receive().value_or(""), "Call-ID"), "call-2@127.0.0.1");
  EXPECT_EQ(header_of(one.receive().value_or(""), "Call-ID"), "call-1@127.0.0.1");
}

// Of a client at 198.51.100.7:4000 that has connected to 192.0.2.1:5060.
std::string proxy_header() {
  using namespace std::string_literals;
  return "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc6\x33\x64\x07\xc0\x00\x02\x01\x0f\xa0\x13\xc4"s;
}

TEST_F(StreamPortsTest, a_proxys_header_says_who_the_peer_is) {
  options_.proxied = {0};
  start();
  StreamPeer peer(address());
  const std::string sent = proxy_header() + request("OPTIONS", 1);
  ASSERT_TRUE(peer.send(sent));
  EXPECT_NE(peer.receive().value_or("").find("received=198.51.100.7"), std::string::npos);
  const std::vector<ConnectionInfo> connections = server_->connections();
  ASSERT_EQ(connections.size(), 1U);
  EXPECT_EQ(to_text(connections[0].peer).view(), "198.51.100.7:4000");
  EXPECT_EQ(connections[0].state, "open");
  EXPECT_EQ(connections[0].bytes_in, sent.size());
  EXPECT_GT(connections[0].bytes_out, 0U);
  EXPECT_TRUE(connections[0].listener);
}

TEST_F(StreamPortsTest, without_the_header_that_was_asked_for_a_connection_ends) {
  options_.proxied = {0};
  start();
  StreamPeer peer(address());
  ASSERT_TRUE(peer.send(request("OPTIONS", 1)));
  EXPECT_TRUE(comes_true([&] { return closed(CloseReason::malformed) == 1; }));
  EXPECT_TRUE(server_->connections().empty());
}

TEST_F(StreamPortsTest, so_many_connections_are_listed_and_no_more) {
  start();
  std::vector<StreamPeer> peers;
  for (int i = 0; i < 5; ++i) peers.emplace_back(address());
  EXPECT_TRUE(comes_true([&] { return server_->connections().size() == 5; }));
  EXPECT_EQ(server_->connections(3).size(), 3U);
}

TEST_F(StreamPortsTest, many_in_one_piece_and_one_in_many_pieces_are_answered) {
  start();
  StreamPeer peer(address());
  std::string many;
  for (int i = 0; i < 200; ++i) many += request("OPTIONS", i);
  ASSERT_TRUE(peer.send(many));
  for (int i = 0; i < 200; ++i) {
    const std::string call = header_of(peer.receive().value_or(""), "Call-ID");
    ASSERT_EQ(call, "call-" + std::to_string(i) + "@127.0.0.1");
  }
  for (const char octet : request("OPTIONS", 200)) ASSERT_TRUE(peer.send({&octet, 1}));
  EXPECT_TRUE(peer.receive().has_value());
  ASSERT_TRUE(peer.send(request("OPTIONS", 201, std::string(60'000, 'x'))));
  EXPECT_TRUE(peer.receive().has_value());
}

TEST_F(StreamPortsTest, a_peer_that_reads_late_gets_every_answer_and_waits_meanwhile) {
  start();
  StreamPeer peer(address(), 4'096);
  const std::string padding(400, 'x');
  std::string unsent;
  int asked = 0;
  for (bool takes = true; takes && asked < 100'000;) {  // some 80 MB
    while (unsent.size() < 65'536) unsent += request("OPTIONS", asked++, padding);
    const std::size_t sent = peer.send_some(unsent, 300);
    unsent.erase(0, sent);
    takes = sent != 0;
  }
  ASSERT_LT(asked, 100'000) << "the server reads on though nobody reads its answers";
  for (int i = 0; i < asked; ++i) {
    const std::size_t sent = peer.send_some(unsent, 0);
    unsent.erase(0, sent);
    const std::string call = header_of(peer.receive().value_or(""), "Call-ID");
    ASSERT_EQ(call, "call-" + std::to_string(i) + "@127.0.0.1") << "of " << asked;
  }
  EXPECT_TRUE(unsent.empty());
}

TEST_F(StreamPortsTest, who_says_no_more_is_still_heard_when_it_reads_late) {
  start();
  StreamPeer peer(address(), 4'096);
  std::string all;
  for (int i = 0; i < 3'000; ++i) all += request("OPTIONS", i);
  while (!all.empty()) {
    const std::size_t sent = peer.send_some(all, 300);
    if (sent == 0) {
      ASSERT_TRUE(peer.receive_more());
    }
    all.erase(0, sent);
  }
  peer.say_no_more();
  for (int i = 0; i < 3'000; ++i) ASSERT_TRUE(peer.receive().has_value()) << i;
  EXPECT_TRUE(peer.is_ended());
}

// Far more than a turn's share, and no completion that would bring the shard back to it.
TEST_F(StreamPortsTest, what_is_left_of_a_turns_share_is_read_though_nothing_more_comes) {
  start();
  StreamPeer peer(address());
  std::string all;
  for (int i = 0; i < 2'000; ++i) all += request("OPTIONS", i);
  ASSERT_TRUE(peer.send(all));
  for (int i = 0; i < 2'000; ++i) {
    const std::string call = header_of(peer.receive().value_or(""), "Call-ID");
    ASSERT_EQ(call, "call-" + std::to_string(i) + "@127.0.0.1");
  }
}

TEST_F(StreamPortsTest, a_peer_at_full_speed_keeps_no_turn_to_itself) {
  start();
  StreamPeer busy(address());
  StreamPeer other(address());
  std::string all;
  for (int i = 0; i < 4'000; ++i) all += request("OPTIONS", i);
  int answered = 0;
  for (int i = 0; !all.empty(); ++i) {
    all.erase(0, busy.send_some(all, 0));
    ASSERT_TRUE(other.send(request("OPTIONS", 10'000 + i)));
    ASSERT_TRUE(other.receive().has_value()) << i;
    if (busy.send_some(all, 0) == 0 && busy.receive()) ++answered;
  }
  for (; answered < 4'000; ++answered) ASSERT_TRUE(busy.receive().has_value()) << answered;
}

// Two buffers of 16 KB for all: most that comes finds none, and waits until one is given back.
TEST_F(StreamPortsTest, when_receive_buffers_run_out_everybody_is_answered_all_the_same) {
  options_.shard.stream_buffers = 2;
  start();
  std::vector<StreamPeer> peers;
  for (int i = 0; i < 60; ++i) peers.emplace_back(address());
  for (int round = 0; round < 3; ++round) {
    for (StreamPeer& peer : peers) {
      const std::string large = request("OPTIONS", round, std::string(30'000, 'x'));
      ASSERT_TRUE(peer.send(large + request("OPTIONS", round + 10)));
    }
    for (StreamPeer& peer : peers) {
      for (const int number : {round, round + 10}) {
        const std::string call = header_of(peer.receive().value_or(""), "Call-ID");
        ASSERT_EQ(call, "call-" + std::to_string(number) + "@127.0.0.1");
      }
    }
  }
  EXPECT_EQ(server_->metrics().connections.all_closed(), 0U);
}

TEST_F(StreamPortsTest, keep_alives_are_answered) {  // RFC 5626 section 4.4.1
  start();
  StreamPeer peer(address());
  ASSERT_TRUE(peer.send("\r\n\r\n"));
  EXPECT_EQ(peer.receive_until("\r\n"), "\r\n");
}

TEST_F(StreamPortsTest, calls_live_at_home_whatever_connection_they_come_by) {
  options_.shards = 2;
  start();
  StreamPeer peer(address());
  std::set<std::string> shards;
  for (int i = 0; i < 64; ++i) ASSERT_TRUE(peer.send(request("OPTIONS", i)));
  for (int i = 0; i < 64; ++i) {
    const auto answer = peer.receive();
    ASSERT_TRUE(answer) << i;
    shards.insert(header_of(*answer, "X-Shard"));
  }
  EXPECT_EQ(shards, (std::set<std::string>{"0", "1"}));
}

TEST_F(StreamPortsTest, a_burst_of_connections_is_answered_each) {
  start();
  std::vector<StreamPeer> peers;
  for (int i = 0; i < 300; ++i) {
    peers.emplace_back(address());
    ASSERT_TRUE(peers.back().send(request("OPTIONS", i)));
  }
  for (StreamPeer& peer : peers) ASSERT_TRUE(peer.receive().has_value());
  EXPECT_EQ(server_->metrics().connections.all_refused(), 0U);
  for (StreamPeer& peer : peers) peer.reset();
  EXPECT_TRUE(comes_true([&] { return server_->metrics().connections.open == 0; }));
}

TEST_F(StreamPortsTest, a_peer_that_says_no_more_still_gets_its_answer) {
  start();
  StreamPeer peer(address());
  ASSERT_TRUE(peer.send(request("OPTIONS", 1)));
  peer.say_no_more();
  EXPECT_TRUE(peer.receive().has_value());
  EXPECT_TRUE(peer.is_ended());
  EXPECT_TRUE(comes_true([&] { return closed(CloseReason::peer_closed) == 1; }));
}

TEST_F(StreamPortsTest, who_dies_in_mid_message_harms_nobody) {
  start();
  StreamPeer other(address());
  for (int i = 0; i < 20; ++i) {
    StreamPeer peer(address());
    ASSERT_TRUE(peer.send(request("OPTIONS", i) + "OPTIONS sip:"));
    peer.reset();
  }
  ASSERT_TRUE(other.send(request("OPTIONS", 99)));
  EXPECT_TRUE(other.receive().has_value());
  EXPECT_TRUE(comes_true([&] { return server_->metrics().connections.open == 1; }));
}

TEST_F(StreamPortsTest, octets_that_are_no_message_end_their_connection) {
  start();
  StreamPeer peer(address());
  ASSERT_TRUE(peer.send("OPTIONS sip:a SIP/2.0\r\nContent-Length: many\r\n\r\n"));
  EXPECT_TRUE(peer.is_ended());
  peer.close();
  EXPECT_TRUE(comes_true([&] { return closed(CloseReason::malformed) == 1; }));
}

TEST_F(StreamPortsTest, a_request_opens_a_connection_and_its_response_comes_back_by_it) {
  start();
  const StreamListener far;
  StreamPeer peer(address());
  ASSERT_TRUE(peer.send(request("CALL", 1, std::to_string(far.address().port))));
  ASSERT_TRUE(peer.receive().has_value());
  auto connection = far.accept();
  ASSERT_TRUE(connection);
  const std::string options = connection->receive().value_or("");
  EXPECT_TRUE(options.starts_with("OPTIONS sip:nobody@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP "));
  std::string answer = "SIP/2.0 200 OK\r\n";
  for (const std::string name : {"Via", "From", "To", "Call-ID", "CSeq"})
    answer += name + ": " + header_of(options, name) + "\r\n";
  ASSERT_TRUE(connection->send(answer + "Content-Length: 0\r\n\r\n"));
  EXPECT_TRUE(comes_true([&] { return told_.responses == 1; }));
}

TEST_F(StreamPortsTest, a_request_to_where_nobody_listens_has_failed) {
  start();
  StreamListener far;
  const std::string port = std::to_string(far.address().port);
  far.close();
  StreamPeer peer(address());
  ASSERT_TRUE(peer.send(request("CALL", 1, port)));
  EXPECT_TRUE(comes_true([&] { return told_.transport_failures == 1; }));
  EXPECT_TRUE(comes_true([&] { return closed(CloseReason::refused) == 1; }));
}

TEST_F(StreamPortsTest, websockets_carry_messages) {
  start();
  StreamPeer peer(address(1));
  ASSERT_TRUE(
      peer.send("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                "Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\n\r\n"));
  const std::string answer = peer.receive().value_or("");
  EXPECT_EQ(header_of(answer, "Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  std::string options = test::request("OPTIONS", 1);
  options.replace(options.find("/UDP 127.0.0.1"), 14, "/WS x.invalid");
  ASSERT_TRUE(peer.send(test::frame(options)));
  std::vector<test::Heard> heard;
  while (heard.empty() && peer.receive_more())
    heard = test::hear(WebSocket(WebSocketRole::client), peer.received(), 1 << 20);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_TRUE(heard[0].text.starts_with("SIP/2.0 200 "));

  StreamPeer other(address(1));
  ASSERT_TRUE(other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_TRUE(other.receive().value_or("").starts_with("HTTP/1.1 426 "));
  EXPECT_TRUE(other.is_ended());
}

TEST_F(StreamPortsTest, listeners_come_and_go_while_connections_go_on) {
  start();
  const auto listener = server_->listen(of(Transport::tcp));
  ASSERT_TRUE(listener.has_value()) << listener.error().text;
  StreamPeer peer(listener->address);
  ASSERT_TRUE(peer.send(request("OPTIONS", 1)));
  ASSERT_TRUE(peer.receive().has_value());
  ASSERT_TRUE(server_->close(listener->flow));
  EXPECT_FALSE(StreamPeer(listener->address).is_open());
  ASSERT_TRUE(peer.send(request("OPTIONS", 2)));
  EXPECT_TRUE(peer.receive().has_value());
}

TEST_F(StreamPortsTest, a_listener_that_goes_leaves_its_thousand_connections_alone) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  start();
  const auto listener = server_->listen(of(Transport::tcp));
  ASSERT_TRUE(listener.has_value()) << listener.error().text;
  std::vector<StreamPeer> peers;
  for (int i = 0; i < 1'000; ++i) {
    peers.emplace_back(listener->address);
    ASSERT_TRUE(peers.back().is_open()) << i;
  }
  EXPECT_TRUE(comes_true([&] { return server_->metrics().connections.open == 1'000; }));
  ASSERT_TRUE(server_->close(listener->flow));
  EXPECT_FALSE(StreamPeer(listener->address).is_open());
  for (std::size_t i = 0; i < peers.size(); ++i) {
    ASSERT_TRUE(peers[i].send(request("OPTIONS", static_cast<int>(i))));
    const std::string call = header_of(peers[i].receive().value_or(""), "Call-ID");
    ASSERT_EQ(call, "call-" + std::to_string(i) + "@127.0.0.1");
  }
  EXPECT_EQ(server_->metrics().connections.all_closed(), 0U);
  for (StreamPeer& peer : peers) peer.reset();  // leaves no port in TIME_WAIT to other tests
}

TEST_F(StreamPortsTest, a_server_that_stops_ends_its_connections) {
  start();
  StreamPeer peer(address());
  ASSERT_TRUE(peer.send(request("OPTIONS", 1)));
  ASSERT_TRUE(peer.receive().has_value());
  server_->stop();
  server_->join();
  server_.reset();
  EXPECT_TRUE(peer.is_ended());
}

TEST_F(StreamPortsTest, an_address_that_is_taken_is_an_error_by_name) {
  start();
  ServerOptions second = options_;
  second.listeners = {address()};
  const auto started = try_to_start(second);
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().code, OpenErrorCode::address_in_use);
  EXPECT_NE(started.error().text.find("tcp:127.0.0.1:"), std::string::npos);
}

}  // namespace
}  // namespace sipring
