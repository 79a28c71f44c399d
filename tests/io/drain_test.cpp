// Shards that go while traffic runs: nobody is left without an answer, and nobody's call moves
// while it is going on. What is decided meanwhile is held to its claims in virtual time, by
// tests/core/shard/.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include <sipring/io/clock.h>

#include "loopback.h"

#include <gtest/gtest.h>

#include <netinet/udp.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace sipring {
namespace {

using namespace std::chrono_literals;
using test::header_of;
using test::of_call;
using test::Peer;
using test::request;

std::string other_branch(int number, int which) {
  return of_call(request("OPTIONS", 100'000 * which + number), number);
}
// A request that has all of the INVITE's but its method.
std::string like(std::string invite, std::string_view method) {
  for (std::size_t at = 0; (at = invite.find("INVITE")) != std::string::npos;) {
    invite.replace(at, 6, method);
  }
  return invite;
}
// Answers with its shard's number: 180 to INVITE, and 487 when that is cancelled, 200 to all else.
class Answerer : public TransactionUser {
 public:
  explicit Answerer(const ShardContext& context) : shard_(std::to_string(context.shard)) {}

  void on_output(Engine& engine, Instant now, const Output& output) override {
    if (const auto* cancelled = std::get_if<Cancelled>(&output)) {
      return respond(engine, now, cancelled->invite, 487);
    }
    const auto* request = std::get_if<RequestReceived>(&output);
    if (request == nullptr || !request->transaction) return;
    const bool invite = request->message->method() == Method::invite;
    respond(engine, now, request->transaction, invite ? 180 : 200);
  }

 private:
  void respond(Engine& engine, Instant now, Handle<Transaction> transaction, std::uint16_t status) {
    const HeaderLine headers[] = {{"X-Shard", shard_}};
    EXPECT_TRUE(
        engine.respond(now, transaction, {.status = status, .headers = headers}).has_value());
  }
  std::string shard_;
};

class DrainTest : public testing::TestWithParam<Steer> {
 protected:
  DrainTest() {
    options_.listeners = {test::loopback_v4()};
    options_.shards = 3;
    options_.settings.limits.transactions = 16'384;
    options_.settings.timers = {.t1 = 1ms, .t2 = 8ms, .t4 = 10ms};
    options_.shard.pin = false;
    options_.shard.steer = GetParam();
    options_.shard.turn_limits.budget = Duration::zero();  // a busy machine is no overload
    options_.entropy = Entropy{{1, 2, 3, 4}};
  }

  void SetUp() override {
    auto started = Server::start(
        options_, [](ShardContext& context) { return std::make_unique<Answerer>(context); });
    if (!started && started.error().error_number == EPERM) GTEST_SKIP() << started.error().text;
    ASSERT_TRUE(started.has_value()) << started.error().text;
    server_ = std::move(*started);
    EXPECT_EQ(server_->is_steered_by_kernel(), GetParam() == Steer::kernel);
  }

  // The whole answer; empty when none came.
  std::string ask(const std::string& text) { return ask(peer_, text); }
  std::string ask(Peer& peer, const std::string& text) {
    if (!peer.send(text, server_->listeners().front().address)) return {};
    return peer.receive().value_or("");
  }
  std::string shard_of(int number) { return header_of(ask(request("OPTIONS", number)), "X-Shard"); }
  // Until a shard that drains has heard of it, new ones are still its own. The new home.
  std::string home_that_is_not(const std::string& shard, int call) {
    std::string home = shard;
    for (int i = 0; i < 1'000 && home == shard; ++i) {
      home = header_of(ask(of_call(request("OPTIONS", 20'000 + i), call)), "X-Shard");
    }
    return home;
  }
  // The number of a call which has its home there.
  int call_of(const std::string& shard, int from = 0) {
    for (int number = from;; ++number) {
      if (shard_of(number) == shard) return number;
    }
  }
  Metrics end() {
    server_->stop();
    server_->join();
    return server_->metrics();
  }

  ServerOptions options_;
  std::unique_ptr<Server> server_;
  Peer peer_;
};

TEST_P(DrainTest, what_was_a_stopped_shards_has_one_new_home_and_the_rest_stays) {
  std::vector<std::string> before;
  for (int i = 0; i < 60; ++i) before.push_back(shard_of(i));
  EXPECT_TRUE(server_->stop(2, 2s).has_value());
  for (int i = 0; i < 60; ++i) {
    const std::string home = header_of(ask(other_branch(i, 1)), "X-Shard");
    const auto slot = static_cast<std::size_t>(i);
    EXPECT_EQ(home,
              before[slot] == "2" ? header_of(ask(other_branch(i, 2)), "X-Shard") : before[slot]);
    EXPECT_NE(home, "2");
    EXPECT_NE(home, "");
  }
}

TEST_P(DrainTest, shards_go_one_at_a_time_and_the_last_one_stays) {
  EXPECT_EQ(server_->drain(3).error(), DrainError::no_such_shard);
  EXPECT_TRUE(server_->drain(0).has_value());
  EXPECT_EQ(server_->drain(0).error(), DrainError::another_drains);
  EXPECT_EQ(server_->stop(1, 1s).error(), DrainError::another_drains);
  EXPECT_TRUE(server_->stop(0, 1s).has_value());
  EXPECT_EQ(server_->stop(0, 1s).error(), DrainError::stopped);
  EXPECT_TRUE(server_->stop(1, 1s).has_value());
  EXPECT_EQ(server_->stop(2, 1s).error(), DrainError::last_shard);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(shard_of(i), "2");
}

TEST_P(DrainTest, patience_has_an_end) {
  const int call = call_of("0");
  EXPECT_TRUE(ask(of_call(request("INVITE", 500), call)).starts_with("SIP/2.0 180"));
  const Instant start = read_clock();
  EXPECT_TRUE(server_->stop(0, 50ms).has_value());
  EXPECT_LT(read_clock() - start, 5s);
  EXPECT_GE(server_->metrics(0).pools.transactions, 1U);
  EXPECT_NE(shard_of(call + 1), "");
}

// Asks all the time from a few ports, each request once: whoever gets no answer has found a hole.
class Askers {
 public:
  Askers(const NetworkAddress& target, int count) {
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back([this, target, i] { run(target, i * 10'000'000); });
    }
  }
  ~Askers() { stop(); }
  void stop() {
    stopping_ = true;
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }
  std::atomic<int> answered = 0;
  std::atomic<int> unanswered = 0;

 private:
  void run(const NetworkAddress& target, int number) {
    constexpr int at_once = 8;
    Peer peer;
    while (!stopping_) {
      for (int i = 0; i < at_once; ++i) (void)peer.send(request("OPTIONS", number++), target);
      for (int i = 0; i < at_once; ++i) {
        const auto answer = peer.receive(5'000);
        answer && answer->starts_with("SIP/2.0 200") ? ++answered : ++unanswered;
      }
    }
  }
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> threads_;
};

TEST_P(DrainTest, nobody_who_asks_meanwhile_is_left_without_an_answer) {
  Askers askers(server_->listeners().front().address, 3);
  const auto some_more = [&] {
    const int until = askers.answered + 300;
    while (askers.answered < until && askers.unanswered == 0) {
      (void)server_->metrics();  // read under way, too
      std::this_thread::yield();
    }
  };
  some_more();
  EXPECT_TRUE(server_->drain(1).has_value());
  some_more();
  EXPECT_TRUE(server_->stop(1, 2s).has_value());
  some_more();
  EXPECT_TRUE(server_->stop(0, 2s).has_value());
  some_more();
  askers.stop();
  EXPECT_EQ(askers.unanswered, 0);
  const Metrics total = end();
  EXPECT_EQ(total.io.handed_over, total.io.taken_over);
  const auto& requests = total.engine.received.requests;
  EXPECT_EQ(std::accumulate(requests.begin(), requests.end(), std::uint64_t{0}),
            static_cast<std::uint64_t>(askers.answered));
}

// A flood, and the whole server stops in the middle: all that was received has been answered.
TEST_P(DrainTest, letters_on_their_way_are_handled_when_the_server_stops) {
  for (int i = 0; i < 3'000; ++i) {
    ASSERT_TRUE(peer_.send(request("OPTIONS", i), server_->listeners().front().address));
  }
  const Metrics total = end();
  EXPECT_EQ(total.io.handed_over, total.io.taken_over);
  EXPECT_EQ(total.io.datagrams_sent, total.io.datagrams_received - total.io.hand_over_full);
}

// All that the peer sends comes to one shard's trunk, and is handed over to the others.
class TrunkDrainTest : public DrainTest {
 protected:
  TrunkDrainTest() { options_.trunks = {{.peer = peer_.address()}}; }

  std::uint32_t receiver() {
    EXPECT_NE(shard_of(0), "");
    for (const Instant end = read_clock() + 10s; read_clock() < end; std::this_thread::yield()) {
      for (std::uint32_t shard = 0; shard < options_.shards; ++shard) {
        if (server_->metrics(shard).io.datagrams_received != 0) return shard;
      }
    }
    ADD_FAILURE() << "nobody has received anything";
    return 0;
  }

  // Requests in one send, each of which must be answered; none by `absent`.
  void ask_run(const std::string& absent = "none") {
    constexpr int at_once = 16;
    const int size = static_cast<int>(request("OPTIONS", asked_).size()), whole = 0;
    std::string run;
    for (int i = 0; i < at_once; ++i) run += request("OPTIONS", asked_++);
    ASSERT_EQ(::setsockopt(peer_.fd(), SOL_UDP, UDP_SEGMENT, &size, sizeof size), 0);
    ASSERT_TRUE(peer_.send(run, server_->listeners().front().address));
    ASSERT_EQ(::setsockopt(peer_.fd(), SOL_UDP, UDP_SEGMENT, &whole, sizeof whole), 0);
    for (int i = 0; i < at_once;) {
      const auto answer = peer_.receive();
      ASSERT_TRUE(answer.has_value()) << "one is lost";
      if (header_of(*answer, "CSeq") != "1 OPTIONS") continue;  // a call's
      ASSERT_TRUE(answer->starts_with("SIP/2.0 200")) << *answer;
      ASSERT_NE(header_of(*answer, "X-Shard"), absent);
      ++i;
    }
  }

  // A call begins, and ends while its shard drains.
  void end_call(const std::string& begun, const std::string& shard) {
    EXPECT_TRUE(ask(like(begun, "CANCEL")).starts_with("SIP/2.0 200"));
    const auto final = peer_.receive();
    ASSERT_TRUE(final.has_value());
    EXPECT_TRUE(final->starts_with("SIP/2.0 487"));
    EXPECT_EQ(header_of(*final, "X-Shard"), shard);
    ASSERT_TRUE(peer_.send(like(begun, "ACK"), server_->listeners().front().address));
  }

  void drain_and_stop(std::uint32_t shard) {
    const std::string name = std::to_string(shard);
    const int call = call_of(name);
    const std::string begun = of_call(request("INVITE", 10'000 + call), call);
    const std::string ringing = ask(begun);
    EXPECT_TRUE(ringing.starts_with("SIP/2.0 180"));
    EXPECT_EQ(header_of(ringing, "X-Shard"), name);
    ask_run();
    ASSERT_TRUE(server_->drain(shard).has_value());
    EXPECT_NE(home_that_is_not(name, call), name);
    ask_run(name);
    EXPECT_FALSE(server_->is_drained(shard));
    end_call(begun, name);
    std::atomic<bool> stopped = false;
    std::thread stopping([&] {
      EXPECT_TRUE(server_->stop(shard, 10s).has_value());
      stopped = true;
    });
    while (!stopped && !HasFailure()) ask_run(name);
    stopping.join();
    for (int i = 0; i < 5 && !HasFailure(); ++i) ask_run(name);
    EXPECT_EQ(server_->metrics(shard).pools.transactions, 0U) << "the call has come to its end";
    const Metrics total = end();
    EXPECT_EQ(total.io.handed_over, total.io.taken_over);
    EXPECT_EQ(total.io.hand_over_full, 0U);
    EXPECT_GT(total.io.runs_received, 0U);
  }

  int asked_ = 100'000;  // all of one length
};

TEST_P(TrunkDrainTest, loses_nothing_when_the_shard_goes_that_receives_it) {
  drain_and_stop(receiver());
}

TEST_P(TrunkDrainTest, loses_nothing_when_another_shard_goes) {
  drain_and_stop((receiver() + 1) % options_.shards);
}

std::string name_of(const testing::TestParamInfo<Steer>& steer) {
  return steer.param == Steer::kernel ? "by_kernel" : "by_hand_over";
}
INSTANTIATE_TEST_SUITE_P(Steered, TrunkDrainTest, testing::Values(Steer::hand_over, Steer::kernel),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Steered, DrainTest, testing::Values(Steer::hand_over, Steer::kernel),
                         name_of);

// The same datagrams, both ways: the same shards give the same answers.
TEST(BothSteerings, give_equal_results) {
  std::array<std::vector<std::string>, 2> results;
  std::array<std::uint64_t, 2> handed_over{};
  for (const std::size_t way : {0U, 1U}) {
    ServerOptions options;
    options.listeners = {test::loopback_v4(), test::loopback_v6()};
    options.shards = 4;
    options.settings.limits.transactions = 4'096;
    options.shard.pin = false;
    options.shard.steer = way == 0 ? Steer::hand_over : Steer::kernel;
    options.entropy = Entropy{{1, 2, 3, 4}};
    auto started = Server::start(
        options, [](ShardContext& context) { return std::make_unique<Answerer>(context); });
    if (!started && started.error().error_number == EPERM) GTEST_SKIP() << started.error().text;
    ASSERT_TRUE(started.has_value()) << started.error().text;
    Peer v4, v6(test::loopback_v6());
    for (int i = 0; i < 200; ++i) {
      const bool first = i % 2 == 0;
      std::string text = request("OPTIONS", i);
      if (i % 3 == 0) text.replace(text.find("Call-ID: "), 9, i % 4 == 0 ? "Call-ID:\r\n " : "i:");
      Peer& peer = first ? v4 : v6;
      ASSERT_TRUE(peer.send(text, (*started)->listeners()[first ? 0 : 1].address));
      std::string answer = peer.receive().value_or("nothing");
      // The two peers' ports differ from run to run.
      const std::size_t received = answer.find("rport=");
      if (received != std::string::npos)
        answer.erase(received, answer.find('\r', received) - received);
      results[way].push_back(answer);
    }
    (*started)->stop();
    (*started)->join();
    handed_over[way] = (*started)->metrics().io.handed_over;
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_GT(handed_over[0], 100U);
  EXPECT_LT(handed_over[1], 30U);  // the folded ones
}

}  // namespace
}  // namespace sipring
