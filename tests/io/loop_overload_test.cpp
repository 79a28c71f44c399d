// One shard of two is overloaded: what its turn's budget refuses is refused alike, whether it came
// there or was handed over, and the other shard goes on.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include <sipring/io/clock.h>

#include "loopback.h"

#include <gtest/gtest.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <chrono>
#include <latch>
#include <map>
#include <memory>
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

constexpr Duration budget = 240ms;

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
std::string within_dialog(std::string text) {
  return text.insert(text.find("\r\nCall-ID"), ";tag=b");
}
int number_of(std::string_view answer) {
  return std::stoi(std::string(answer.substr(answer.find("z9hG4bK") + 7, 6)));
}
// Everything that says where a refusal comes from, and what its sender is to do.
std::string word_of(const std::string& refusal) {
  const std::string to = header_of(refusal, "To");
  const std::size_t mark = to.find(";tag=") + 5;
  return refusal.substr(0, refusal.find('\r')) + "|" + header_of(refusal, "Retry-After") + "|" +
         to.substr(mark, 8) + "|" + header_of(refusal, "X-Shard");
}

class LoopOverload : public testing::Test {
 protected:
  static constexpr std::uint32_t other = 0, busy = 1;
  static constexpr int fillers = 16;  // a shard looks at the time that often
  static constexpr int calls = 5;

  LoopOverload() {
    ServerOptions options;
    options.listeners = {test::loopback_v4()};
    options.shards = 2;
    options.settings.limits.transactions = 4'096;
    options.shard.pin = false;
    options.shard.steer = Steer::hand_over;
    options.shard.turn_limits = {.budget = budget, .patience = Duration::zero()};
    options.entropy = Entropy{{1, 2, 3, 4}};
    auto started = Server::start(options, [this](ShardContext& context) {
      return std::make_unique<Worker>(context, gate_);
    });
    EXPECT_TRUE(started.has_value());
    if (!started) return;
    server_ = std::move(*started);
    near_ = peer_at(busy);
    far_ = peer_at(other);
    call_at_busy_ = call_at("1");
    call_at_other_ = call_at("0");
  }

  // Of which the kernel brings everything to this shard.
  std::unique_ptr<Peer> peer_at(std::uint32_t shard) {
    for (int i = 0; i < 64; ++i) {
      auto peer = std::make_unique<Peer>();
      const std::uint64_t before = received(busy) + received(other);
      const std::uint64_t at_shard = received(shard);
      EXPECT_NE(ask(*peer, request("OPTIONS", next())), "");
      wait_until([&] { return received(busy) + received(other) > before; });
      if (received(shard) > at_shard) return peer;
    }
    ADD_FAILURE() << "the kernel brings nothing to shard " << shard;
    return std::make_unique<Peer>();
  }
  int call_at(const std::string& shard) {
    for (int call = next();; call = next()) {
      if (header_of(ask(*far_, request("OPTIONS", call)), "X-Shard") == shard) return call;
    }
  }
  [[nodiscard]] std::uint64_t received(std::uint32_t shard) const {
    return server_->metrics(shard).io.datagrams_received;
  }
  template <class Fact>
  static void wait_until(Fact&& fact) {
    const Instant end = read_clock() + 10s;
    while (!fact() && read_clock() < end) std::this_thread::yield();
    EXPECT_TRUE(fact());
  }

  int next() { return number_++; }
  std::string ask(Peer& peer, const std::string& text) {
    if (!peer.send(text, server_->listeners().front().address)) return {};
    return peer.receive().value_or("");
  }
  // The number by which its answer will be known.
  int send(Peer& peer, std::string_view method, int call,
           std::string (*change)(std::string) = nullptr, std::string_view extra = {}) {
    const int number = next();
    std::string text = of_call(request(method, number, {}, extra), call);
    if (change != nullptr) text = change(std::move(text));
    EXPECT_TRUE(peer.send(text, server_->listeners().front().address));
    return number;
  }
  // Its first answer for each number, until those numbers have theirs or nothing comes any more.
  static std::map<int, std::string> answers(Peer& peer, const std::vector<int>& wanted) {
    std::map<int, std::string> all;
    const auto lacking = [&](int number) { return !all.contains(number); };
    while (std::ranges::any_of(wanted, lacking)) {
      const auto answer = peer.receive(2'000);
      if (!answer) break;
      all.emplace(number_of(*answer), *answer);
    }
    return all;
  }

  Gate gate_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Peer> near_, far_;
  int number_ = 100'000;  // six digits each
  int call_at_busy_ = 0, call_at_other_ = 0;
};

TEST_F(LoopOverload, of_one_shard_refuses_alike_what_came_there_and_what_was_handed_over) {
  const auto to_hold = [](std::string text) { return to_user(std::move(text), "hold"); };
  const auto to_work = [](std::string text) { return to_user(std::move(text), "work"); };
  (void)send(*near_, "OPTIONS", call_at_busy_, to_hold);
  gate_.held.wait();

  // In the order in which they are worth least: all of it waits while the shard is held.
  std::vector<int> near_calls, far_calls;
  for (int i = 0; i < fillers; ++i) {
    (void)send(*near_, "OPTIONS", call_at_busy_);
    (void)send(*far_, "OPTIONS", call_at_busy_);
  }
  for (int i = 0; i < calls; ++i) {
    near_calls.push_back(send(*near_, "INVITE", call_at_busy_));
    far_calls.push_back(send(*far_, "INVITE", call_at_busy_));
  }
  // An emergency that uses up the budget; so what is behind it is refused.
  const int emergency =
      send(*far_, "OPTIONS", call_at_busy_, to_work, "Resource-Priority: esnet.0\r\n");
  const int near_bye = send(*near_, "BYE", call_at_busy_, within_dialog);
  const int far_bye = send(*far_, "BYE", call_at_busy_, within_dialog);
  const int not_ours = send(*near_, "INVITE", call_at_other_);

  // The other shard goes on meanwhile. With its answers, all of the above has been handed over.
  for (int i = 0; i < calls; ++i) {
    const int asked = send(*far_, "INVITE", call_at_other_);
    const std::string answer = answers(*far_, {asked})[asked];
    EXPECT_TRUE(answer.starts_with("SIP/2.0 200")) << answer;
    EXPECT_EQ(header_of(answer, "X-Shard"), "0");
  }
  gate_.open.count_down();

  std::vector<int> near_wanted = near_calls, far_wanted = far_calls;
  near_wanted.insert(near_wanted.end(), {near_bye, not_ours});
  far_wanted.insert(far_wanted.end(), {far_bye, emergency});
  std::map<int, std::string> near_answers = answers(*near_, near_wanted);
  std::map<int, std::string> far_answers = answers(*far_, far_wanted);
  for (const std::string& served :
       {near_answers[near_bye], far_answers[far_bye], far_answers[emergency]}) {
    EXPECT_TRUE(served.starts_with("SIP/2.0 200")) << served;
    EXPECT_EQ(header_of(served, "X-Shard"), "1");
  }
  EXPECT_TRUE(near_answers[not_ours].starts_with("SIP/2.0 200")) << near_answers[not_ours];
  EXPECT_EQ(header_of(near_answers[not_ours], "X-Shard"), "0");
  const std::string refused = word_of(near_answers[near_calls[0]]);
  EXPECT_TRUE(refused.starts_with("SIP/2.0 503 Service Unavailable|5|")) << refused;
  for (std::size_t i = 0; i < calls; ++i) {
    EXPECT_EQ(word_of(near_answers[near_calls[i]]), refused);
    EXPECT_EQ(word_of(far_answers[far_calls[i]]), refused);
  }

  // Then it is over.
  const auto serves = [&](std::string_view answer) { return answer.starts_with("SIP/2.0 200"); };
  wait_until([&] { return serves(ask(*far_, of_call(request("INVITE", next()), call_at_busy_))); });
  server_->stop();
  server_->join();
  Metrics at_busy = server_->metrics(busy), at_other = server_->metrics(other);
  EXPECT_GE(at_busy.engine[DropReason::turn_budget], 2U * calls);
  EXPECT_EQ(at_other.engine[DropReason::turn_budget], 0U);
  EXPECT_EQ(at_other.engine[DropReason::unread], 0U);
  EXPECT_EQ(at_other.io.handed_over, at_busy.io.taken_over);
  EXPECT_EQ(at_busy.io.handed_over, at_other.io.taken_over);
}

// Four receive buffers hold more datagrams than there are buffers in all; each would use up a
// budget.
TEST(LoopOverloadByRuns, lets_all_datagrams_of_a_run_wait) {
  constexpr int runs = 4, in_a_run = 40;
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
