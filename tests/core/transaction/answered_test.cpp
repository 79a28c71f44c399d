// What is forgotten when there is no room, in which order, and never before what.
// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/detail/answered.h>

#include <gmock/gmock.h>

#include <cstdint>
#include <string>

#include "tests/support/engine_client_fixture.h"
#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class ForgettingServer : public EngineServerFixture {
 protected:
  using EngineServerFixture::EngineServerFixture;
  static Settings with_bound(Duration at_least) {
    Settings settings = small_settings();
    settings.limits.remember_at_least = at_least;
    return settings;
  }

  // As many as the pool has for anybody; the branch of the first one ends in 100.
  static constexpr int for_anybody = 63;
  static std::string numbered(const std::string& text, int number) {
    return replaced(text, "z9hG4bK1", "z9hG4bKn" + std::to_string(100 + number));
  }
  void ask(const std::string& text, int first, int count) {
    for (int i = first; i < first + count; ++i) receive(numbered(text, i));
  }
  void ask_and_answer(const std::string& text, int first, int count) {
    for (int i = first; i < first + count; ++i) {
      receive(numbered(text, i));
      (void)engine.respond(now, requests.back(), {.reason = "Fine"});  // a text: it is kept
      take_outputs();
    }
    (void)take_sent();
  }
  // Whether it has been passed up as if it had never come.
  bool is_new(const std::string& text, int number) {
    const std::size_t before = requests.size();
    receive(numbered(text, number));
    (void)take_sent();
    return requests.size() != before;
  }
  std::uint64_t forgotten() const { return engine.counters().transactions_forgotten; }

  const std::string options = with_method("OPTIONS");
};

TEST(Answered, is_remembered_for_three_retransmissions_after_its_answer_and_T1) {
  EXPECT_EQ(Answered::safe_after({}, true), milliseconds(500 + 1'000 + 2'000 + 500));
  EXPECT_EQ(Answered::safe_after({}, false), milliseconds(3 * 4'000 + 500));
  EXPECT_EQ(Answered::safe_after({.t1 = seconds(2)}, true), seconds(2 + 4 + 4 + 2));
}

// What the derivation says, counted out: how likely it is that a retransmission comes so late.
double chance_of_a_later_one(Duration bound) {
  constexpr double loss = 0.01, failing = 1 - (1 - loss) * (1 - loss);
  const TimerSettings timers;
  double chance = 0, first_ones_lost = 1;
  for (unsigned first = 0; first < 10; ++first, first_ones_lost *= loss) {
    Duration age{};
    double none_got_through = loss;  // the answer to the first copy that came
    for (unsigned later = first; later < 10; ++later) {
      age += retransmission_interval(Timer::e, State::trying, later, timers);
      if (age > bound) break;
      none_got_through *= failing;
    }
    chance += first_ones_lost * (1 - loss) * none_got_through;
  }
  return chance;
}

TEST(Answered,
     is_asked_for_later_less_than_once_in_a_million_where_a_message_in_a_hundred_is_lost) {
  const Duration bound = Answered::safe_after({}, true);
  EXPECT_LT(chance_of_a_later_one(bound), 1e-6);
  EXPECT_GT(chance_of_a_later_one(bound / 2), 1e-6);
}

TEST_F(ForgettingServer, makes_room_for_new_requests_from_those_answered_first) {
  ask_and_answer(options, 0, for_anybody);
  advance(seconds(4) + milliseconds(10));
  ask_and_answer(options, 200, 20);
  EXPECT_THAT(requests, SizeIs(for_anybody + 20));
  EXPECT_EQ(engine.counters().dropped[static_cast<std::size_t>(DropReason::overload)], 0u);
  EXPECT_GE(forgotten(), 20u);
  EXPECT_LE(forgotten(), 40u);
  EXPECT_TRUE(engine.is_consistent());
  const int gone = static_cast<int>(forgotten());
  EXPECT_FALSE(is_new(options, gone));  // the oldest that is left
  EXPECT_FALSE(is_new(options, for_anybody - 1));
  EXPECT_FALSE(is_new(options, 219));
  EXPECT_TRUE(is_new(options, gone - 1));
}

TEST_F(ForgettingServer, remembers_what_is_younger_than_the_bound_and_refuses_instead) {
  ask_and_answer(options, 0, for_anybody);
  advance(seconds(4) - milliseconds(1));
  receive(numbered(options, 200));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 503 "));
  EXPECT_EQ(forgotten(), 0u);
}

TEST_F(ForgettingServer, remembers_what_was_answered_late_for_longer) {
  ask(options, 0, for_anybody);
  advance(milliseconds(600));
  for (const Handle<Transaction> request : requests) {
    ASSERT_TRUE(engine.respond(now, request, {}));
    take_outputs();
  }
  (void)take_sent();
  advance(seconds(12));
  receive(numbered(options, 200));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 503 "));
  advance(milliseconds(510));
  EXPECT_TRUE(is_new(options, 201));
  EXPECT_EQ(forgotten(), 2u);
}

TEST_F(ForgettingServer, forgets_none_before_the_pool_is_nearly_full) {
  ask_and_answer(options, 0, 50);
  advance(seconds(20));
  ask_and_answer(options, 50, 6);
  EXPECT_EQ(forgotten(), 0u);
  EXPECT_EQ(engine.transactions_alive(), 56u);
}

TEST_F(ForgettingServer, forgets_an_INVITE_that_is_acknowledged_and_no_other) {
  ask(invite, 0, for_anybody);
  for (std::size_t i = 0; i < requests.size(); ++i) {  // 2xx, refusals, and some that ring
    const std::uint16_t status = i < 20 ? 200 : i < 40 ? 486 : 180;
    ASSERT_TRUE(engine.respond(now, requests[i], {.status = status}));
    take_outputs();
  }
  receive(numbered(ack(), 30));
  (void)take_sent();
  advance(seconds(4) + milliseconds(10));
  (void)take_sent();
  receive(numbered(options, 200));
  EXPECT_THAT(take_sent(), IsEmpty());
  EXPECT_EQ(forgotten(), 1u);
  receive(numbered(options, 201));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 503 "));
}

TEST_F(ForgettingServer, forgets_an_INVITE_whose_2xx_is_acknowledged) {
  ask(invite, 0, for_anybody);
  for (const Handle<Transaction> request : requests) {
    ASSERT_TRUE(engine.respond(now, request, {}));
    take_outputs();
  }
  (void)take_sent();
  engine.acknowledged(now, requests[7]);
  advance(seconds(4) - milliseconds(1));
  receive(numbered(options, 200));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 503 "));
  advance(milliseconds(11));
  receive(numbered(options, 201));
  EXPECT_THAT(take_sent(), IsEmpty());
  EXPECT_EQ(forgotten(), 1u);
  EXPECT_FALSE(engine.status(requests[7]));
}

TEST_F(ForgettingServer, tells_the_user_of_what_it_forgets) {
  ask(options, 0, for_anybody);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    ASSERT_TRUE(engine.attach(requests[i], i + 1));
    ASSERT_TRUE(engine.respond(now, requests[i], {}));
    take_outputs();
  }
  advance(seconds(5));
  receive(numbered(options, 200));
  ASSERT_THAT(ends, SizeIs(2));
  EXPECT_EQ(ends[0].attached, 1u);
  EXPECT_EQ(ends[1].attached, 2u);
  EXPECT_EQ(ends[0].reason, EndReason::forgotten) << to_string(ends[0].reason);
  EXPECT_EQ(ends[0].state, State::completed);
  EXPECT_FALSE(engine.status(requests[0]));
}

TEST_F(ForgettingServer, makes_buffers_for_an_answer_that_finds_none) {
  ask_and_answer(options, 0, 20);
  advance(seconds(5));
  receive(numbered(options, 200));
  engine.buffers().fail_nth_acquire(1);
  EXPECT_TRUE(answer(200));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 200 "));
  EXPECT_EQ(forgotten(), 8u);
  EXPECT_EQ(engine.buffers().size(), 12u);
}

TEST_F(ForgettingServer, makes_buffers_for_a_request_that_has_to_wait) {
  ask_and_answer(options, 0, 20);
  advance(seconds(5));
  engine.buffers().fail_nth_acquire(1);
  receive(numbered(invite, 200));
  EXPECT_THAT(take_sent(), IsEmpty());
  ASSERT_NE(engine.request(requests.back()), nullptr);
  EXPECT_EQ(forgotten(), 8u);
}

TEST_F(ForgettingServer, tells_of_what_made_way_for_a_request_that_has_to_wait) {
  receive(numbered(options, 0));
  ASSERT_TRUE(engine.attach(requests[0], 7));
  ASSERT_TRUE(engine.respond(now, requests[0], {.reason = "Fine"}));
  take_outputs();
  advance(seconds(5));
  engine.buffers().fail_nth_acquire(1);
  receive(numbered(invite, 200));
  ASSERT_THAT(ends, SizeIs(1));
  EXPECT_EQ(ends[0].attached, 7u);
  EXPECT_FALSE(engine.next_output());
}

class RememberingServer : public ForgettingServer {
 protected:
  RememberingServer() : ForgettingServer(with_bound(Duration::max())) {}
};

TEST_F(RememberingServer, forgets_nothing) {
  ask_and_answer(options, 0, for_anybody);
  advance(seconds(31));
  receive(numbered(options, 200));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 503 "));
  engine.buffers().fail_nth_acquire(1);
  ask(replaced(options, "example.com>\r\nCall", "example.com>;tag=b1\r\nCall"), 201, 1);
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 503 "));
  EXPECT_EQ(forgotten(), 0u);
}

class HastyServer : public ForgettingServer {
 protected:
  HastyServer() : ForgettingServer(with_bound(seconds(1))) {}
};

TEST_F(HastyServer, forgets_when_it_is_told_to) {
  ask_and_answer(options, 0, for_anybody);
  advance(milliseconds(990));
  receive(numbered(options, 200));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 503 "));
  advance(milliseconds(20));
  EXPECT_TRUE(is_new(options, 201));
}

class ForgettingClient : public EngineClientFixture {};

TEST_F(ForgettingClient, sends_on_when_the_pool_is_full_of_what_only_waits) {
  constexpr int for_anybody = 63;
  for (int i = 0; i < for_anybody; ++i) {
    send(i % 3 == 0 ? "OPTIONS" : "INVITE");
    const std::string request = take_sent().front();
    receive(response_to(request, i % 3 == 1 ? "486 Busy Here" : "200 OK"));
    (void)take_sent();
  }
  EXPECT_EQ(engine.transactions_alive(), 63u);
  advance(seconds(4) + milliseconds(10));
  for (int i = 0; i < 20; ++i) send("OPTIONS");
  EXPECT_THAT(take_sent(), SizeIs(20));
  EXPECT_GE(engine.counters().transactions_forgotten, 20u);
  EXPECT_TRUE(engine.is_consistent());
}

}  // namespace
}  // namespace sipring::test
