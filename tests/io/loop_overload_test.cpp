// An overloaded shard with real sockets and real time: that the loop asks
// core/shard/detail/intake.h, which tests/core/shard/intake_test.cpp holds to its claims in virtual
// time.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include <sipring/io/clock.h>

#include "loopback.h"

#include <gtest/gtest.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <chrono>
#include <latch>
#include <memory>
#include <string>
#include <thread>

namespace sipring {
namespace {

using namespace std::chrono_literals;
using test::Peer;
using test::request;

constexpr Duration budget = 30ms;

struct Gate {
  std::latch held{1}, open{1};
};

void work() {
  const Instant end = read_clock() + budget;
  while (read_clock() < end) {
  }
}

// Answers with its shard's number. To answer "hold" it waits at the gate, and uses up a budget; so
// it does for "work".
class Worker : public TransactionUser {
 public:
  Worker(const ShardContext& context, Gate& gate)
      : shard_(std::to_string(context.shard)), gate_(gate) {}

  void on_output(Engine& engine, Instant now, const Output& output) override {
    const auto* request = std::get_if<RequestReceived>(&output);
    if (request == nullptr || !request->transaction) return;
    const std::string_view target = request->message->request_uri();
    const bool holds = target.starts_with("sip:hold@");
    if (holds) {
      gate_.held.count_down();
      gate_.open.wait();
    }
    if (holds || target.starts_with("sip:work@")) work();
    const HeaderLine headers[] = {{"X-Shard", shard_}};
    EXPECT_TRUE(
        engine.respond(now, request->transaction, {.status = 200, .headers = headers}).has_value());
  }

 private:
  std::string shard_;
  Gate& gate_;
};

std::string to_user(std::string text, std::string_view user) {
  return text.replace(text.find("user@"), 4, user);
}

// Receive buffers hold more datagrams than there are buffers in all; each would use up a budget.
TEST(LoopOverloadByRuns, lets_all_datagrams_of_a_run_wait) {
  constexpr int runs = 2, in_a_run = 40;
  Gate gate;
  ServerOptions options;
  options.listeners = {test::loopback_v4()};
  options.shards = 1;
  options.shard.receive_buffers = runs;
  options.shard.pin = false;
  options.shard.turn_limits = {.budget = budget, .patience = Duration::zero()};
  auto started = Server::start(
      options, [&](ShardContext& context) { return std::make_unique<Worker>(context, gate); });
  ASSERT_TRUE(started.has_value());
  const auto server = std::move(*started);
  const NetworkAddress address = server->listeners().front().address;
  Peer peer;
  int number = 100'000;
  ASSERT_TRUE(peer.send(to_user(request("OPTIONS", number++), "hold"), address));
  gate.held.wait();
  const auto send_run = [&](int count, std::string_view user) {
    std::string run;
    for (int i = 0; i < count; ++i) run += to_user(request("OPTIONS", number++), user);
    const int size = static_cast<int>(run.size()) / count;
    ASSERT_EQ(::setsockopt(peer.fd(), SOL_UDP, UDP_SEGMENT, &size, sizeof size), 0);
    ASSERT_TRUE(peer.send(run, address));
  };
  send_run(16, "user");  // a shard looks at the time that often
  for (int i = 0; i < runs; ++i) send_run(in_a_run, "work");
  gate.open.count_down();

  const auto refused = [&] {
    Metrics metrics = server->metrics(0);
    return metrics.engine[DropReason::turn_budget] + metrics.engine[DropReason::unread];
  };
  const Instant end = read_clock() + 10s;
  while (refused() + 8 < runs * in_a_run && read_clock() < end) std::this_thread::yield();
  EXPECT_GE(refused() + 8, static_cast<std::uint64_t>(runs * in_a_run));
}

}  // namespace
}  // namespace sipring
