// A shard under many times more than it can serve, in virtual time: an engine, the turn's budget
// and queue as io/loop_overload.cpp drives them, a user that needs 4 ms for each request, and
// clients that send when they are due and again until they are answered (RFC 3261 section 17.1.2).
// SPDX-License-Identifier: MIT
#include <sipring/core/engine.h>
#include <sipring/core/overload/detail/turn_queue.h>
#include <sipring/core/overload/turn_budget.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory_resource>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/engine_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// What things cost, in the proportions of a kernel and an engine that were measured, and an
// application that is a thousand times slower.
constexpr Duration work = milliseconds(4);
constexpr Duration receiving = microseconds(4);
constexpr Duration refusing = microseconds(12);
constexpr double capacity = 250;  // requests a second
constexpr std::size_t socket_room = 4'096;

struct Client {
  std::string method = "INVITE";
  std::string to_tag;
  std::uint8_t source = 1;
  double per_second = 0;
  Instant from{}, to{};
};

struct Outcome {
  int offered = 0, served = 0, refused = 0;
  [[nodiscard]] double share() const { return static_cast<double>(served) / std::max(offered, 1); }
};

// A request of a client on its way to an answer.
struct Pending {
  std::size_t client = 0;
  std::string text;
  int tries = 0;
};

class Shard {
 public:
  explicit Shard(std::vector<Client> clients)
      : clients_(std::move(clients)), outcomes_(clients_.size()), due_(clients_.size(), 0) {}

  void run(Instant end) {
    while (now_ < end) {
      turn();
      now_ += microseconds(50);
    }
  }

  [[nodiscard]] const Outcome& outcome(std::size_t client) const { return outcomes_[client]; }
  // Good answers to all clients.
  [[nodiscard]] double served_per_second(Instant from, Instant to) const {
    const auto first = served_at_.lower_bound(from), last = served_at_.lower_bound(to);
    return static_cast<double>(std::distance(first, last)) /
           std::chrono::duration<double>(to - from).count();
  }

 private:
  void turn() {
    clients_send();
    budget_.begin(now_);
    engine_.advance(now_);
    take_outputs();
    if (budget_.is_overloaded())
      serve_in_order();
    else
      serve_as_they_come();
    budget_.end(now_);
    clients_receive();
  }

  void serve_as_they_come() {
    std::uint32_t count = 0;
    while (!socket_.empty() && !budget_.is_overloaded()) {
      serve(take());
      if (++count % 16 == 0) (void)budget_.look(now_);
      if (count == 256) return;
    }
    if (!socket_.empty()) serve_in_order();
  }

  void serve_in_order() {
    waiting_.clear();
    while (!socket_.empty() && !queue_.full()) {
      waiting_.push_back(take());
      const Client& client = clients_[waiting_.back().client];
      queue_.add(static_cast<std::uint32_t>(waiting_.size() - 1),
                 guess_precedence(waiting_.back().text), address_of(client).ip);
    }
    TurnReport report;
    queue_.sort();
    while (const auto next = queue_.next()) {
      ++report.requests;
      switch (budget_.verdict(now_, next->precedence)) {
        case TurnBudget::Verdict::serve: ++report.served, serve(waiting_[next->item]); break;
        case TurnBudget::Verdict::refuse: refuse(waiting_[next->item]); break;
        case TurnBudget::Verdict::leave: ++report.unread; break;
      }
    }
    engine_.turn_ended(now_, report);
  }

  Pending take() {
    now_ += receiving;
    Pending first = std::move(socket_.front());
    socket_.pop_front();
    return first;
  }

  static NetworkAddress address_of(const Client& client) {
    return address("10.0.0." + std::to_string(client.source), 5060);
  }

  void serve(const Pending& pending) {
    const PaddedText text(pending.text);
    engine_.receive(now_, {text.view(), address_of(clients_[pending.client]), {}});
    take_outputs();
  }
  void refuse(const Pending& pending) {
    const PaddedText text(pending.text);
    engine_.turn_away(now_, {text.view(), address_of(clients_[pending.client]), {}});
    now_ += refusing;
    take_outputs();
  }

  void take_outputs() {
    while (const std::optional<Output> output = engine_.next_output()) {
      if (const auto* transmit = std::get_if<Transmit>(&*output)) {
        answers_.emplace_back(transmit->bytes->view());
      } else if (const auto* request = std::get_if<RequestReceived>(&*output)) {
        now_ += work;
        (void)engine_.respond(now_, request->transaction, {.status = 200});
      }
    }
  }

  void clients_send() {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      const Client& client = clients_[i];
      const Instant until = std::min(now_, client.to);
      const double due =
          client.per_second * std::chrono::duration<double>(until - client.from).count();
      for (; due_[i] < due; due_[i] += 1) send_new(i);
    }
    while (!retransmissions_.empty() && retransmissions_.begin()->first <= now_) {
      const std::string id = retransmissions_.begin()->second;
      retransmissions_.erase(retransmissions_.begin());
      if (const auto found = pending_.find(id); found != pending_.end()) send(id, found->second);
    }
  }

  void send_new(std::size_t index) {
    const Client& client = clients_[index];
    const std::string id = std::to_string(++number_);
    Pending pending{index,
                    client.method + " sip:b@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;" +
                        "branch=z9hG4bK-" + id + "-\r\nFrom: <sip:a@example.com>;tag=a\r\n" +
                        "To: <sip:b@example.com>" + client.to_tag + "\r\nCall-ID: " + id +
                        "\r\nCSeq: 1 " + client.method + "\r\nContent-Length: 0\r\n\r\n",
                    0};
    ++outcomes_[index].offered;
    send(id, pending_[id] = std::move(pending));
  }

  // T1, doubled each time; what nobody answers is given up after a few.
  void send(const std::string& id, Pending& pending) {
    if (pending.tries == 5) return finish(id, pending, false);
    retransmissions_.emplace(now_ + milliseconds(500) * (1 << pending.tries++), id);
    if (socket_.size() < socket_room) socket_.push_back(pending);
  }

  void clients_receive() {
    for (const std::string& answer : answers_) {
      const std::size_t start = answer.find("z9hG4bK-") + 8;
      const std::string id = answer.substr(start, answer.find('-', start) - start);
      const auto found = pending_.find(id);
      if (found == pending_.end()) continue;
      const bool good = answer.starts_with("SIP/2.0 200");
      if (!good && !answer.starts_with("SIP/2.0 503")) continue;
      if (good) served_at_.emplace(now_, 0);
      finish(id, found->second, good);
    }
    answers_.clear();
  }

  void finish(const std::string& id, const Pending& pending, bool good) {
    Outcome& outcome = outcomes_[pending.client];
    ++(good ? outcome.served : outcome.refused);
    pending_.erase(id);
  }

  static Settings settings() {
    Settings settings;
    settings.limits.transactions = 32'768;
    return settings;
  }

  Engine engine_{settings(), Entropy{{1, 2, 3, 4}}, *std::pmr::new_delete_resource()};
  TurnBudget budget_{TurnLimits{}};
  TurnQueue queue_{576, {1, 2}, *std::pmr::new_delete_resource()};
  Instant now_{};
  std::deque<Pending> socket_;
  std::vector<Pending> waiting_;
  std::vector<std::string> answers_;

  std::vector<Client> clients_;
  std::vector<Outcome> outcomes_;
  std::vector<double> due_;
  std::uint64_t number_ = 0;
  std::map<std::string, Pending> pending_;
  std::multimap<Instant, std::string> retransmissions_;
  std::multimap<Instant, int> served_at_;
};

constexpr Instant at(int second) {
  return Instant(seconds(second));
}

std::vector<Client> sources(int count, double per_second, int until) {
  std::vector<Client> clients;
  for (int i = 1; i <= count; ++i) {
    Client& client = clients.emplace_back();
    client.source = static_cast<std::uint8_t>(i);
    client.per_second = per_second / count;
    client.to = at(until);
  }
  return clients;
}

class Goodput : public ::testing::TestWithParam<int> {};

TEST_P(Goodput, stays_at_nine_tenths_of_the_capacity) {
  Shard shard(sources(8, GetParam() * capacity, 8));
  shard.run(at(8));
  EXPECT_GE(shard.served_per_second(at(1), at(8)), 0.9 * capacity);
}
INSTANTIATE_TEST_SUITE_P(Offered, Goodput, ::testing::Values(1, 2, 5, 20),
                         [](const auto& times) { return std::to_string(times.param) + "_times"; });

// What nobody had time to refuse in the flood is sent again for a while after it, and served too.
TEST(Overload, is_over_within_two_seconds) {
  std::vector<Client> clients = sources(8, 20 * capacity, 5);
  Client after;
  after.source = 100;
  after.per_second = capacity / 2;
  after.from = at(5), after.to = at(7);
  clients.push_back(after);
  after.from = at(7), after.to = at(15);
  clients.push_back(after);
  Shard shard(clients);
  shard.run(at(16));
  EXPECT_GE(shard.outcome(8).share(), 0.8);
  EXPECT_GE(shard.outcome(9).share(), 0.98);
}

TEST(Overload, does_not_keep_calls_from_ending) {
  std::vector<Client> clients = sources(8, 20 * capacity, 6);
  Client endings;
  endings.method = "BYE";
  endings.to_tag = ";tag=b";
  endings.source = 100;
  endings.per_second = capacity / 5;
  endings.from = at(0);
  endings.to = at(5);
  clients.push_back(endings);
  Shard shard(clients);
  shard.run(at(6));
  EXPECT_EQ(shard.outcome(8).served, shard.outcome(8).offered);
}

TEST(Overload, sheds_registrations_before_calls) {
  std::vector<Client> clients(2);
  clients[0].per_second = capacity / 2;
  clients[1].method = "REGISTER";
  clients[1].per_second = 10 * capacity;
  for (Client& client : clients) client.to = at(5);
  Shard shard(clients);
  shard.run(at(6));
  EXPECT_GE(shard.outcome(0).share(), 0.95);
  EXPECT_LE(shard.outcome(1).share(), 0.1);
}

// One source sends twenty times the capacity, three others less than their share.
TEST(Overload, of_one_source_does_not_starve_the_others) {
  std::vector<Client> clients = sources(4, 0, 6);
  clients[0].per_second = 20 * capacity;
  for (std::size_t i = 1; i < 4; ++i) clients[i].per_second = capacity / 6;
  Shard shard(clients);
  shard.run(at(7));
  for (std::size_t i = 1; i < 4; ++i) EXPECT_GE(shard.outcome(i).share(), 0.9) << i;
}

}  // namespace
}  // namespace sipring::test
