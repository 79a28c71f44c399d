// Trunks over loopback: a peer with a connected socket of its own, and runs of datagrams that come
// in one piece.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include "tests/io/loopback.h"

#include <gtest/gtest.h>

#include <netinet/udp.h>

#include <memory>
#include <set>
#include <string>

namespace sipring {
namespace {

using test::Peer;

class TrunkAnswerer : public TransactionUser {
 public:
  void on_output(Engine& engine, Instant now, const Output& output) override {
    const auto* request = std::get_if<RequestReceived>(&output);
    if (request != nullptr) (void)engine.respond(now, request->transaction, {.status = 200});
  }
};

// All of one size.
std::string options(int number) {
  const std::string id = std::to_string(1'000 + number);
  return "OPTIONS sip:user@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK" +
         id + "\r\nMax-Forwards: 70\r\nFrom: <sip:a@127.0.0.1>;tag=" + id +
         "\r\nTo: <sip:user@127.0.0.1>\r\nCall-ID: " + id +
         "\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
}

std::string branch_of(std::string_view message) {
  const std::size_t at = message.find("z9hG4bK");
  return at == message.npos ? "" : std::string(message.substr(at + 7, 4));
}

// The branches of `count` answers.
std::set<std::string> answers(Peer& peer, int count) {
  std::set<std::string> branches;
  for (int i = 0; i < count; ++i) {
    const auto answer = peer.receive();
    if (!answer) break;
    EXPECT_TRUE(answer->starts_with("SIP/2.0 200")) << *answer;
    branches.insert(branch_of(*answer));
  }
  return branches;
}

class TrunkTest : public testing::Test {
 protected:
  explicit TrunkTest(const NetworkAddress& any = test::loopback_v4()) : peer_(any) {
    options_.listeners = {any};
    options_.trunks = {{.peer = peer_.address()}};
    options_.shards = 1;
    options_.settings.limits.transactions = 4'096;
    options_.shard.pin = false;
    options_.entropy = Entropy{{1, 2, 3, 4}};
  }

  void start() {
    auto started =
        Server::start(options_, [](ShardContext&) { return std::make_unique<TrunkAnswerer>(); });
    ASSERT_TRUE(started.has_value()) << started.error().text;
    server_ = std::move(*started);
  }
  [[nodiscard]] const NetworkAddress& address() const { return server_->listeners()[0].address; }
  IoCounters stop() {
    server_->stop();
    server_->join();
    return server_->metrics().io;
  }
  // `count` requests of one size in one send.
  void send_run(int count) {
    std::string run;
    for (int i = 0; i < count; ++i) run += options(i);
    const int size = static_cast<int>(options(0).size());
    ASSERT_EQ(::setsockopt(peer_.fd(), SOL_UDP, UDP_SEGMENT, &size, sizeof size), 0);
    ASSERT_TRUE(peer_.send(run, address()));
  }

  Peer peer_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
};

TEST_F(TrunkTest, answers_every_datagram_of_a_run) {
  start();
  send_run(20);
  EXPECT_EQ(answers(peer_, 20).size(), 20U);
  const IoCounters counters = stop();
  EXPECT_EQ(counters.datagrams_received, 20U);
  EXPECT_EQ(counters.datagrams_sent, 20U);
  if (server_->features().multishot_receive) {
    EXPECT_GE(counters.runs_received, 1U);
  }
  EXPECT_GE(counters.segment_runs, 1U);
}

TEST_F(TrunkTest, gives_each_datagram_of_a_run_to_its_home_shard) {
  options_.shards = 3;
  options_.shard.receive_buffers = 4;  // fewer than there are letters
  start();
  for (int round = 0; round < 10; ++round) {
    send_run(60);
    ASSERT_EQ(answers(peer_, 60).size(), 60U);
  }
  const IoCounters counters = stop();
  EXPECT_EQ(counters.datagrams_received, 600U);
  EXPECT_GT(counters.handed_over, 0U);
  EXPECT_EQ(counters.hand_over_full, 0U);
}

TEST_F(TrunkTest, still_hears_everybody_else) {
  start();
  Peer other;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(other.send(options(100 + i), address()));
    ASSERT_TRUE(peer_.send(options(200 + i), address()));
  }
  EXPECT_EQ(answers(other, 5).size(), 5U);
  EXPECT_EQ(answers(peer_, 5).size(), 5U);
}

TEST_F(TrunkTest, works_without_multishot_receive) {
  options_.shard.features.multishot_receive = false;
  start();
  send_run(20);
  EXPECT_EQ(answers(peer_, 20).size(), 20U);
  EXPECT_EQ(stop().runs_received, 0U);
}

TEST_F(TrunkTest, must_be_at_a_listener_of_its_family) {
  const auto refused = [&](const Trunk& trunk) {
    options_.trunks = {trunk};
    const auto started =
        Server::start(options_, [](ShardContext&) { return std::make_unique<TrunkAnswerer>(); });
    return !started && started.error().code == OpenErrorCode::options;
  };
  EXPECT_TRUE(refused({.peer = peer_.address(), .listener = 1}));
  EXPECT_TRUE(refused({.peer = test::loopback_v6(5'060)}));
}

class TrunkV6Test : public TrunkTest {
 protected:
  TrunkV6Test() : TrunkTest(test::loopback_v6()) {}
};

TEST_F(TrunkV6Test, answers_every_datagram_of_a_run) {
  start();
  send_run(20);
  EXPECT_EQ(answers(peer_, 20).size(), 20U);
}

}  // namespace
}  // namespace sipring
