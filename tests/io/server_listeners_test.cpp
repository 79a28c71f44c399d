// Listeners that come and go while shards run.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include "tests/io/comes_true.h"
#include "tests/io/loopback.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace sipring {
namespace {

using namespace std::chrono_literals;
using test::comes_true;
using test::header_of;
using test::Peer;
using test::request;

struct Heard {
  std::atomic<int> opened = 0, closed = 0, failures = 0, kept = 0;
};

// Answers with the slot and the generation of the listener; an INVITE when another request comes.
class ListenerAnswerer : public TransactionUser {
 public:
  explicit ListenerAnswerer(Heard& heard) : heard_(heard) {}
  void on_output(Engine& engine, Instant now, const Output& output) override {
    if (std::holds_alternative<TransportFailed>(output)) ++heard_.failures;
    const auto* request = std::get_if<RequestReceived>(&output);
    if (request == nullptr || !request->transaction) return;
    if (request->message->method() == Method::invite) {
      kept_.push_back(request->transaction);
      ++heard_.kept;
      return;
    }
    for (const auto& kept : kept_) (void)engine.respond(now, kept, {.status = 486});
    kept_.clear();
    const Flow listener = request->received->listener;
    const std::string text =
        std::to_string(listener.slot) + " " + std::to_string(listener.generation);
    const HeaderLine headers[] = {{"X-Listener", text}};
    EXPECT_TRUE(engine.respond(now, request->transaction, Response{.headers = headers}));
  }
  void on_listen(Engine&, Instant, const Listener&) override { ++heard_.opened; }
  void on_close(Engine&, Instant, const Listener&) override { ++heard_.closed; }

 private:
  Heard& heard_;
  std::vector<Handle<Transaction>> kept_;
};

class ServerListenersTest : public testing::Test {
 protected:
  ServerListenersTest() {
    options_.listeners = {test::loopback_v4()};
    options_.shards = 2;
    options_.settings.limits.transactions = 4'096;
    options_.shard.pin = false;
    options_.shard.steer = Steer::hand_over;
    options_.shard.turn_limits.budget = Duration::zero();  // a busy machine is no overload
    options_.entropy = Entropy{{1, 2, 3, 4}};
  }
  void start() {
    auto started = Server::start(
        options_, [this](ShardContext&) { return std::make_unique<ListenerAnswerer>(heard_); });
    ASSERT_TRUE(started.has_value()) << started.error().text;
    server_ = std::move(*started);
  }
  // Slot and generation of the listener that it came by; empty: no answer.
  std::string ask(const NetworkAddress& address, int wait_ms = 10'000) {
    Peer peer;
    if (!peer.send(request("OPTIONS", ++number_), address)) return {};
    return header_of(peer.receive(wait_ms).value_or(""), "X-Listener");
  }

  ServerOptions options_;
  Heard heard_;
  std::unique_ptr<Server> server_;
  int number_ = 0;
};

TEST_F(ServerListenersTest, answers_on_one_that_is_opened_while_it_runs) {
  start();
  const NetworkAddress first = server_->listeners()[0].address;
  EXPECT_EQ(ask(first), "0 1");
  const auto opened = server_->listen(test::loopback_v6());
  ASSERT_TRUE(opened.has_value()) << opened.error().text;
  EXPECT_NE(opened->address.port, 0);
  EXPECT_EQ(heard_.opened, 2) << "each shard's user";
  ASSERT_EQ(server_->listeners().size(), 2U);
  Peer peer(test::loopback_v6());
  for (int i = 0; i < 20; ++i) {  // of calls at both shards
    ASSERT_TRUE(peer.send(request("OPTIONS", 1'000 + i), opened->address));
    EXPECT_EQ(header_of(peer.receive().value_or(""), "X-Listener"), "1 1");
  }
  EXPECT_EQ(ask(first), "0 1");
}

TEST_F(ServerListenersTest, closes_one_and_opens_its_slot_again_under_another_generation) {
  start();
  const auto opened = server_->listen(test::loopback_v4());
  ASSERT_TRUE(opened.has_value());
  EXPECT_TRUE(server_->close(opened->flow));
  EXPECT_EQ(heard_.closed, 2);
  EXPECT_EQ(ask(opened->address, 50), "");
  EXPECT_FALSE(server_->close(opened->flow)) << "it is gone";
  const auto again = server_->listen(opened->address);  // its port is free
  ASSERT_TRUE(again.has_value()) << again.error().text;
  EXPECT_EQ(again->flow.slot, opened->flow.slot);
  EXPECT_NE(again->flow, opened->flow);
  EXPECT_EQ(ask(again->address), "1 2");
  EXPECT_FALSE(server_->close(opened->flow)) << "another one has its slot";
  EXPECT_EQ(ask(again->address), "1 2");
}

// The generation of its flow is compared: the answer does not leave by the one that has its slot.
TEST_F(ServerListenersTest, tells_who_would_answer_by_one_that_is_closed) {
  options_.shards = 1;
  start();
  const auto opened = server_->listen(test::loopback_v4());
  ASSERT_TRUE(opened.has_value());
  Peer caller;
  ASSERT_TRUE(caller.send(request("INVITE", 1), opened->address));
  ASSERT_TRUE(comes_true([&] { return heard_.kept == 1; }));
  ASSERT_TRUE(server_->close(opened->flow));
  ASSERT_TRUE(server_->listen(test::loopback_v4()).has_value());
  EXPECT_EQ(ask(server_->listeners()[0].address), "0 1");  // answers the INVITE as well
  EXPECT_TRUE(comes_true([&] { return heard_.failures >= 1; }));
  server_->stop();
  server_->join();
  EXPECT_GE(server_->metrics().io[SendFailure::unreachable], 1U);
}

TEST_F(ServerListenersTest, opens_and_closes_many_times_under_traffic) {
  start();
  const NetworkAddress first = server_->listeners()[0].address;
  std::atomic<bool> stopping = false;
  std::atomic<int> unanswered = 0;
  std::thread asker([&] {
    for (int i = 10'000; !stopping; ++i) {
      Peer peer;
      if (!peer.send(request("OPTIONS", i), first) || !peer.receive()) ++unanswered;
    }
  });
  for (int i = 0; i < 20; ++i) {
    const auto opened = server_->listen(test::loopback_v4());
    ASSERT_TRUE(opened.has_value()) << opened.error().text;
    EXPECT_EQ(ask(opened->address), "1 " + std::to_string(i + 1));
    EXPECT_TRUE(server_->close(opened->flow));
  }
  stopping = true;
  asker.join();
  EXPECT_EQ(unanswered, 0);
}

TEST_F(ServerListenersTest, is_open_on_the_shards_that_run) {
  start();
  ASSERT_TRUE(server_->stop(1, 1s).has_value());
  const auto opened = server_->listen(test::loopback_v4());
  ASSERT_TRUE(opened.has_value()) << opened.error().text;
  EXPECT_EQ(heard_.opened, 1);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask(opened->address), "1 1");
  EXPECT_TRUE(server_->close(opened->flow));
}

TEST_F(ServerListenersTest, has_as_many_as_there_are_slots) {
  options_.shards = 1;
  start();
  while (server_->listeners().size() < 64) {
    ASSERT_TRUE(server_->listen(test::loopback_v4()).has_value());
  }
  EXPECT_EQ(server_->listen(test::loopback_v4()).error().code, OpenErrorCode::options);
  EXPECT_EQ(ask(server_->listeners()[63].address), "63 1");
}

TEST_F(ServerListenersTest, says_why_one_cannot_be_opened) {
  start();
  NetworkAddress address = server_->listeners()[0].address;
  EXPECT_EQ(server_->listen(address).error().code, OpenErrorCode::address_in_use);
  address.transport = Transport::tls;
  EXPECT_EQ(server_->listen(address).error().code, OpenErrorCode::certificate);
  server_->stop();
  server_->join();
  EXPECT_EQ(server_->listen(test::loopback_v4()).error().code, OpenErrorCode::options);
  EXPECT_FALSE(server_->close(server_->listeners()[0].flow));
}

// By the kernel's program as well, where it can be loaded.
TEST_F(ServerListenersTest, is_steered_as_those_of_the_start) {
  options_.shard.steer = Steer::automatic;
  start();
  if (!server_->is_steered_by_kernel()) GTEST_SKIP() << "no CAP_BPF";
  const auto opened = server_->listen(test::loopback_v4());
  ASSERT_TRUE(opened.has_value());
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ask(opened->address), "1 1");
  server_->stop();
  server_->join();
  EXPECT_EQ(server_->metrics().io.handed_over, 0U);
}

}  // namespace
}  // namespace sipring
