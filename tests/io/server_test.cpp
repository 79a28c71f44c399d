// The whole of io over loopback: sockets, ring, shards, engine. What a shard's user sees is told in
// its answers.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include "loopback.h"
#include "tests/io/comes_true.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <semaphore>
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

// What all shards of a test have in common with it.
struct Common {
  std::atomic<int> transport_failures = 0;
  std::binary_semaphore go_on{0};  // for the shard that has got a HOLD
};

// Answers every request with 200 and its shard's number.
class Answerer : public TransactionUser {
 public:
  Answerer(const ShardContext& context, Common& common)
      : shard_(std::to_string(context.shard)),
        flow_(context.listeners.front().flow),
        common_(common) {}

  void on_output(Engine& engine, Instant now, const Output& output) override {
    if (std::holds_alternative<TransportFailed>(output)) ++common_.transport_failures;
    const auto* request = std::get_if<RequestReceived>(&output);
    if (request == nullptr || !request->transaction) return;
    const std::string_view method = request->message->method_name();
    if (method == "HOLD") common_.go_on.acquire();
    if (method == "CALL-FIRST") call(engine, now, *request);
    const HeaderLine headers[] = {{"X-Shard", shard_}};
    EXPECT_TRUE(
        engine.respond(now, request->transaction, Response{.headers = headers}).has_value());
    if (method == "CALL-LAST") call(engine, now, *request);
    if (method == "CALL-BY-ANY") call(engine, now, *request, {});
    if (method == "CALL-BY-STALE") call(engine, now, *request, Flow::of_listener(flow_.slot, 2));
    if (method == "CALL-BY-NONE") call(engine, now, *request, Flow::of_listener(99));
    if (method == "CALL-BY-GONE") call(engine, now, *request, Flow::of_connection(0, 0, 1));
  }

 private:
  // Sends an OPTIONS to the port named by the body, where nobody listens.
  void call(Engine& engine, Instant now, const RequestReceived& request) {
    call(engine, now, request, flow_);
  }
  void call(Engine& engine, Instant now, const RequestReceived& request, Flow flow) {
    const auto port = static_cast<std::uint16_t>(std::stoul(std::string(request.message->body())));
    const HeaderLine headers[] = {{"From", "<sip:a@127.0.0.1>;tag=1"},
                                  {"To", "<sip:nobody@127.0.0.1>"},
                                  {"Call-ID", "towards-nobody"},
                                  {"CSeq", "1 OPTIONS"}};
    Request options;
    options.method = "OPTIONS";
    options.request_uri = "sip:nobody@127.0.0.1";
    options.headers = headers;
    options.destination = test::loopback_v4(port);
    options.flow = flow;
    options.sent_by = "127.0.0.1";
    EXPECT_TRUE(engine.send(now, options, 1).has_value());
  }

  std::string shard_;
  Flow flow_;
  Common& common_;
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    options_.listeners = {test::loopback_v4()};
    options_.shards = 1;
    options_.settings.limits.transactions = 4'096;
    options_.shard.pin = false;
    options_.shard.steer = Steer::hand_over;
    options_.entropy = Entropy{{1, 2, 3, 4}};
  }

  void start() {
    auto started = Server::start(options_, [this](ShardContext& context) {
      return std::make_unique<Answerer>(context, common_);
    });
    ASSERT_TRUE(started.has_value()) << started.error().text;
    server_ = std::move(*started);
  }
  [[nodiscard]] const NetworkAddress& address(std::size_t listener = 0) const {
    return server_->listeners()[listener].address;
  }
  // The number of the shard that answered; empty when no 200 came.
  std::string ask(Peer& peer, const std::string& message, std::size_t listener = 0) {
    if (!peer.send(message, address(listener))) return {};
    const auto answer = peer.receive();
    if (!answer || !answer->starts_with("SIP/2.0 200")) return {};
    return header_of(*answer, "X-Shard");
  }
  Metrics stop() {
    server_->stop();
    server_->join();
    return server_->metrics();
  }

  ServerOptions options_;
  Common common_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, answers_on_every_listener) {
  options_.listeners = {test::loopback_v4(), test::loopback_v6(), test::loopback_v4()};
  start();
  Peer v4;
  Peer v6(test::loopback_v6());
  EXPECT_EQ(ask(v4, request("OPTIONS", 1), 0), "0");
  EXPECT_EQ(ask(v6, request("OPTIONS", 2), 1), "0");
  EXPECT_EQ(ask(v4, request("OPTIONS", 3), 2), "0");
  const Metrics total = stop();
  EXPECT_EQ(total.io.datagrams_received, 3U);
  EXPECT_EQ(total.io.datagrams_sent, 3U);
  EXPECT_EQ(total.engine.received[Method::options], 3U);
}

TEST_F(ServerTest, works_without_each_feature_of_the_ring) {
  const UringFeatures all;
  std::array<UringFeatures, 6> masks{all, all, all, all, all, {false, false, false, false}};
  masks[1].deferred_task_work = false;
  masks[2].multishot_receive = false;
  masks[3].message_ring = false;
  masks[4].minimum_wait = false;
  for (const UringFeatures& mask : masks) {
    options_.shards = 2;
    options_.shard.features = mask;
    options_.shard.batching = Batching{4, 200us};
    start();
    if (!mask.multishot_receive) {
      EXPECT_FALSE(server_->features().multishot_receive);
    }
    Peer peer;
    for (int i = 0; i < 50; ++i) EXPECT_NE(ask(peer, request("OPTIONS", i)), "") << i;
    const Metrics total = stop();
    EXPECT_EQ(total.io.datagrams_received, 50U);
    EXPECT_EQ(total.io.datagrams_sent, 50U);
    EXPECT_GT(total.io.handed_over, 0U);
    EXPECT_EQ(total.io.handed_over, total.io.taken_over);
  }
}

TEST_F(ServerTest, receives_and_sends_a_datagram_of_60000_octets_whole) {
  for (const bool multishot : {true, false}) {
    options_.shard.features.multishot_receive = multishot;
    start();
    Peer peer;
    const std::string body(60'000, 'x');
    EXPECT_EQ(ask(peer, request("MESSAGE", 1, body)), "0");
    const Metrics total = stop();
    EXPECT_EQ(total.io.truncated, 0U);
    EXPECT_GT(total.io.bytes_received, 60'000U);
  }
}

TEST_F(ServerTest, handles_a_burst_with_few_receive_buffers) {
  options_.shard.receive_buffers = 2;
  start();
  Peer peer;
  constexpr int count = 500;
  for (int i = 0; i < count; ++i)
    ASSERT_TRUE(peer.send(request(i == 0 ? "HOLD" : "OPTIONS", i), address()));
  common_.go_on.release();
  std::vector<bool> answered(count, false);
  for (int i = 0; i < count; ++i) {
    const auto answer = peer.receive();
    ASSERT_TRUE(answer.has_value()) << i;
    const std::string call_id = header_of(*answer, "Call-ID");
    answered[std::stoul(call_id.substr(5))] = true;
  }
  EXPECT_EQ(std::ranges::count(answered, true), count);
  EXPECT_GT(stop().io.enobufs_rearmed, 0U);
}

// One source port, so the kernel gives all of it to one shard; the calls' homes are both.
TEST_F(ServerTest, spreads_one_peers_calls_and_keeps_each_on_its_shard) {
  options_.shards = 2;
  start();
  Peer peer;
  std::array<int, 2> calls{};
  for (int i = 0; i < 200; ++i) {
    const std::string first = ask(peer, request("OPTIONS", i));
    ASSERT_TRUE(first == "0" || first == "1") << i;
    ++calls[first == "1" ? 1 : 0];
    // Another request of the same call, from another port: the kernel may choose the other shard.
    if (i % 10 == 0) {
      Peer other;
      EXPECT_EQ(ask(other, request("MESSAGE", i)), first);
    }
  }
  EXPECT_GT(calls[0], 60);
  EXPECT_GT(calls[1], 60);
  const Metrics total = stop();
  EXPECT_GT(total.io.handed_over, 60U);
  EXPECT_EQ(total.io.handed_over, total.io.taken_over);
  EXPECT_EQ(total.io.hand_over_full, 0U);
}

TEST_F(ServerTest, carries_a_flood_between_shards_with_few_buffers_and_short_mailboxes) {
  for (const bool multishot : {true, false}) {
    options_.shards = 3;
    options_.shard.receive_buffers = 4;
    options_.shard.hand_over = 2;
    options_.shard.features.multishot_receive = multishot;
    start();
    Peer peer;
    constexpr std::uint64_t count = 2'000;
    for (std::uint64_t i = 0; i < count; ++i) {
      ASSERT_TRUE(peer.send(request("OPTIONS", static_cast<int>(i)), address()));
    }
    // What a full mailbox drops is counted and not answered; all else is.
    const bool settled = comes_true([&] {
      const IoCounters io = server_->metrics().io;
      return io.datagrams_received == count && io.handed_over == io.taken_over &&
             io.datagrams_sent == count - io.hand_over_full;
    });
    const Metrics total = stop();
    EXPECT_TRUE(settled) << total.io.datagrams_received << " received, " << total.io.handed_over
                         << " handed over, " << total.io.taken_over << " taken over, "
                         << total.io.hand_over_full << " dropped, " << total.io.datagrams_sent
                         << " sent";
    EXPECT_GT(total.io.handed_over, 0U);
  }
}

// The ICMP error shows up in the middle of a flush, or in an idle shard's receive.
TEST_F(ServerTest, tells_the_engine_of_an_unreachable_port) {
  for (const char* method : {"CALL-FIRST", "CALL-LAST"}) {
    for (const std::uint32_t shards : {1U, 2U}) {
      for (const bool multishot : {true, false}) {
        common_.transport_failures = 0;
        options_.shards = shards;
        options_.shard.features.multishot_receive = multishot;
        start();
        Peer gone;
        const std::string port = std::to_string(gone.address().port);
        gone.close();
        Peer peer;
        EXPECT_NE(ask(peer, request(method, 1, port)), "");
        EXPECT_TRUE(comes_true([&] { return common_.transport_failures == 1; }))
            << method << shards;
        const Metrics total = stop();
        EXPECT_EQ(total.io.icmp_errors, 1U);
        EXPECT_EQ(total.engine.transport_errors, 1U);
      }
    }
  }
}

// A listener's generation is compared whenever something is to leave by it.
TEST_F(ServerTest, sends_nothing_by_a_flow_that_is_not_there) {
  Peer target;
  const std::string port = std::to_string(target.address().port);
  for (const char* method : {"CALL-BY-STALE", "CALL-BY-NONE", "CALL-BY-GONE"}) {
    common_.transport_failures = 0;
    start();
    Peer peer;
    EXPECT_EQ(ask(peer, request(method, 1, port)), "0");
    EXPECT_TRUE(comes_true([&] { return common_.transport_failures == 1; })) << method;
    const Metrics total = stop();
    const auto stale = static_cast<std::size_t>(StreamSendError::stale);
    EXPECT_EQ(total.io[SendFailure::unreachable] + total.connections.unsent[stale], 1U) << method;
    EXPECT_EQ(total.io.datagrams_sent, 1U) << method;
  }
}

TEST_F(ServerTest, chooses_a_listener_that_reaches_the_target_for_who_names_none) {
  options_.listeners = {test::loopback_v6(), test::loopback_v4()};
  start();
  Peer target;
  Peer peer(test::loopback_v6());
  EXPECT_EQ(ask(peer, request("CALL-BY-ANY", 1, std::to_string(target.address().port))), "0");
  const auto options = target.receive();
  ASSERT_TRUE(options.has_value());
  EXPECT_TRUE(options->starts_with("OPTIONS "));
  EXPECT_EQ(stop().io[SendFailure::unreachable], 0U);
}

TEST_F(ServerTest, fires_timers_without_traffic) {
  options_.settings.timers.t1 = 1ms;
  options_.settings.timers.t4 = 1ms;
  start();
  Peer silent;
  Peer peer;
  const std::string port = std::to_string(silent.address().port);
  EXPECT_EQ(ask(peer, request("CALL-LAST", 1, port)), "0");
  const auto first = silent.receive();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(silent.receive(), first);  // timer E: nothing but time has passed
  EXPECT_EQ(silent.receive(), first);
}

TEST_F(ServerTest, publishes_what_it_has_done_while_it_runs) {
  start();
  Peer peer;
  EXPECT_EQ(ask(peer, request("OPTIONS", 1)), "0");
  // No later than 50 ms after the turn. Asking is a bounded wait: the test's own time limit ends
  // it.
  while (server_->metrics(0).io.datagrams_sent != 1) std::this_thread::yield();
  EXPECT_EQ(server_->metrics().engine.received[Method::options], 1U);
}

TEST_F(ServerTest, sends_what_is_pending_when_stopped) {
  start();
  Peer peer;
  EXPECT_EQ(ask(peer, request("OPTIONS", 1)), "0");
  const Metrics total = stop();
  EXPECT_EQ(total.io.datagrams_sent, 1U);
  EXPECT_FALSE(peer.send("x", address()) && peer.receive(0).has_value());
  server_->stop();  // twice is once
  server_->join();
}

TEST_F(ServerTest, refuses_options_that_make_no_sense) {
  const auto code = [](const ServerOptions& options) {
    const auto server =
        Server::start(options, [](ShardContext&) { return std::unique_ptr<TransactionUser>(); });
    return server ? OpenErrorCode::ring : server.error().code;
  };
  EXPECT_EQ(code(options_), OpenErrorCode::user);
  ServerOptions none = options_;
  none.listeners.clear();
  EXPECT_EQ(code(none), OpenErrorCode::options);
  ServerOptions tls = options_;
  tls.listeners.front().transport = Transport::tls;
  EXPECT_EQ(code(tls), OpenErrorCode::certificate);
  ServerOptions nonsense = options_;
  nonsense.settings.timers.t2 = nonsense.settings.timers.t1 / 2;
  EXPECT_EQ(code(nonsense), OpenErrorCode::options);
  ServerOptions twice = options_;
  start();
  twice.listeners = {address()};
  EXPECT_EQ(code(twice), OpenErrorCode::address_in_use);
}

}  // namespace
}  // namespace sipring
