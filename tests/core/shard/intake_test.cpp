// What a shard does with what reaches it, alone and as one of two. In virtual time.
// SPDX-License-Identifier: MIT
#include <sipring/core/shard/detail/intake.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/core/shard/virtual_shards.h"

namespace sipring {
namespace {

using namespace std::chrono_literals;
using test::header_of;
using test::request_of;
using test::TwoVirtualShards;
using test::VirtualShard;

// Everything that says where a refusal comes from, and what its sender is to do.
std::string word_of(const std::string& refusal) {
  const std::string to = header_of(refusal, "To");
  return test::first_line(refusal) + "|" + header_of(refusal, "Retry-After") + "|" +
         to.substr(to.find(";tag=") + 5, 8) + "|" + header_of(refusal, "X-Shard");
}

class IntakeTest : public TwoVirtualShards {
 protected:
  static constexpr int fillers = 16;  // a shard looks at the time that often
};

TEST_F(IntakeTest, serves_what_is_at_home_and_hands_over_the_rest) {
  const int here = call_at(0), there = call_at(1);
  receive(0, {request_of("OPTIONS", 1, here), request_of("OPTIONS", 2, there)});
  EXPECT_EQ(header_of(shards_[0].answer(1), "X-Shard"), "0");
  EXPECT_EQ(header_of(shards_[1].answer(2), "X-Shard"), "1");
  EXPECT_EQ(shards_[0].handed_over(), 1U);
  EXPECT_EQ(shards_[0].unfinished(), 0U) << "octets that were lent have come back";
}

TEST_F(IntakeTest, keeps_what_has_no_home_where_it_came) {
  receive(1, {"OPTIONS sip:a@192.0.2.1 SIP/2.0\r\n\r\n"});
  EXPECT_EQ(shards_[1].handed_over(), 0U);
  EXPECT_EQ(shards_[1].counters().messages_received, 1U);
}

TEST_F(IntakeTest, of_an_overloaded_shard_refuses_alike_what_came_there_and_what_was_handed_over) {
  const int at_busy = call_at(1), at_other = call_at(0);
  std::vector<std::string> near, far;
  for (int i = 0; i < fillers; ++i) {
    near.push_back(request_of("OPTIONS", 1'000 + i, at_busy));
    far.push_back(request_of("OPTIONS", 2'000 + i, at_busy));
  }
  for (int i = 0; i < 5; ++i) {
    near.push_back(request_of("INVITE", 3'000 + i, at_busy));
    far.push_back(request_of("INVITE", 4'000 + i, at_busy));
  }
  // An emergency that uses up the budget; so what is behind it is refused.
  far.push_back(request_of("OPTIONS", 5'000, at_busy, "work", "Resource-Priority: esnet.0\r\n"));
  near.push_back(request_of("BYE", 5'001, at_busy));
  far.push_back(request_of("BYE", 5'002, at_busy));
  near.push_back(request_of("INVITE", 5'003, at_other));

  shards_[1].turn(now_, {request_of("OPTIONS", 1, at_busy, "work")});  // a long turn
  ASSERT_TRUE(shards_[1].is_overloaded());
  shards_[0].turn(now_, far);
  receive(1, near);

  for (const int served : {5'000, 5'001, 5'002}) {
    EXPECT_TRUE(shards_[1].answer(served).starts_with("SIP/2.0 200")) << served;
  }
  EXPECT_EQ(header_of(shards_[0].answer(5'003), "X-Shard"), "0") << "the other one goes on";
  const std::string refused = word_of(shards_[1].answer(3'000));
  EXPECT_TRUE(refused.starts_with("SIP/2.0 503 Service Unavailable|5|")) << refused;
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(word_of(shards_[1].answer(3'000 + i)), refused);
    EXPECT_EQ(word_of(shards_[1].answer(4'000 + i)), refused);
  }
  EXPECT_GE(shards_[1].counters().dropped[std::size_t(DropReason::turn_budget)], 10U);
  EXPECT_EQ(shards_[0].counters().dropped[std::size_t(DropReason::turn_budget)], 0U);
  EXPECT_EQ(shards_[0].unfinished() + shards_[1].unfinished(), 0U);
}

TEST_F(IntakeTest, serves_again_when_turns_are_short_again) {
  const int call = call_at(1);
  shards_[1].turn(now_, {request_of("OPTIONS", 1, call, "work")});
  ASSERT_TRUE(shards_[1].is_overloaded());
  for (int i = 0; i < 10; ++i) {
    now_ += 30ms;
    shards_[1].turn(now_, {request_of("INVITE", 10 + i, call)});
  }
  EXPECT_FALSE(shards_[1].is_overloaded());
  EXPECT_TRUE(shards_[1].answer(19).starts_with("SIP/2.0 200"));
}

TEST_F(IntakeTest, notices_a_turn_that_does_not_end) {
  const int call = call_at(1);
  shards_[1].set_work(budget / 8);
  std::vector<std::string> flood;
  for (int i = 0; i < 200; ++i) flood.push_back(request_of("OPTIONS", 100 + i, call, "work"));
  const Instant start = now_;
  shards_[1].turn(now_, flood);
  EXPECT_TRUE(shards_[1].is_overloaded());
  // 16 are looked at before it knows, and then a budget of its own.
  EXPECT_LE(now_ - start, budget * 4);
  const auto& dropped = shards_[1].counters().dropped;
  EXPECT_GT(dropped[std::size_t(DropReason::turn_budget)], 100U);
}

// As many as all receive buffers may hold, each of which would use up a budget.
TEST_F(IntakeTest, lets_all_wait_that_have_come) {
  VirtualShard shard(0, 1, limits_, 4 * 64);
  shard.turn(now_, {request_of("OPTIONS", 1, 1, "work")});
  std::vector<std::string> runs;
  for (int i = 0; i < 4 * 64; ++i) runs.push_back(request_of("OPTIONS", 100 + i, i, "work"));
  shard.turn(now_, runs);
  EXPECT_GE(shard.counters().dropped[std::size_t(DropReason::turn_budget)] + 8, 4U * 64U);
  EXPECT_EQ(shard.unfinished(), 0U);
}

TEST_F(IntakeTest, serves_what_finds_no_room_to_wait) {
  VirtualShard shard(0, 1, limits_, 2);
  shard.turn(now_, {request_of("OPTIONS", 1, 1, "work")});
  ASSERT_TRUE(shard.is_overloaded());
  shard.turn(now_, {request_of("OPTIONS", 2, 1), request_of("OPTIONS", 3, 1),
                    request_of("OPTIONS", 4, 1)});
  for (const int number : {2, 3, 4}) {
    EXPECT_TRUE(shard.answer(number).starts_with("SIP/2.0 200")) << number;
  }
  EXPECT_EQ(shard.unfinished(), 0U);
}

// Over a stream nobody says anything twice (RFC 3261 section 17.1.2.2).
TEST_F(IntakeTest, leaves_nothing_without_an_answer_that_came_over_a_stream) {
  VirtualShard shard(0, 1, limits_, 512);
  shard.set_stream();
  shard.set_work(budget / 8);
  shard.turn(now_, {request_of("OPTIONS", 1, 1, "work"), request_of("OPTIONS", 2, 1, "work")});
  std::vector<std::string> flood;
  for (int i = 0; i < 200; ++i) flood.push_back(request_of("OPTIONS", 100 + i, 1, "work"));
  for (int i = 0; i < 100; ++i) flood.push_back(request_of("BYE", 400 + i, 1, "work"));
  shard.turn(now_, flood);
  ASSERT_TRUE(shard.is_overloaded());
  int refused = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string answer = shard.answer(100 + i);
    refused += answer.starts_with("SIP/2.0 503") ? 1 : 0;
    EXPECT_NE(answer, "") << i;
  }
  EXPECT_GT(refused, 100);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(shard.answer(400 + i).starts_with("SIP/2.0 200")) << i;
}

class IntakeThatDrains : public TwoVirtualShards {
 protected:
  void drain(std::uint32_t shard) {
    std::vector<ShardPhase> phases(2, ShardPhase::serving);
    phases[shard] = ShardPhase::draining;
    const Homes homes = make_homes(phases);
    for (std::uint32_t i = 0; i < 2; ++i) {
      shards_[i].order(now_, i == shard ? ShardOrder::drain : ShardOrder::serve, homes);
    }
  }
  static std::string like(std::string invite, std::string_view method) {
    for (std::size_t at = 0; (at = invite.find("INVITE")) != std::string::npos;) {
      invite.replace(at, 6, method);
    }
    return invite;
  }
};

TEST_F(IntakeThatDrains, lets_new_calls_go_elsewhere_and_those_that_have_begun_stay) {
  const int call = call_at(1);
  const std::string begun = request_of("INVITE", 1, call, "ring");
  receive(0, {begun});
  drain(1);
  for (const std::uint32_t landing : {0U, 1U}) {
    const int number = 10 + static_cast<int>(landing);
    receive(landing, {request_of("OPTIONS", number, call)});
    EXPECT_EQ(header_of(shards_[0].answer(number), "X-Shard"), "0") << "landed on " << landing;
    EXPECT_EQ(shards_[1].answer(number), "");
    const std::size_t sent = shards_[1].sent().size();
    receive(landing, {begun});
    EXPECT_EQ(shards_[1].sent().size(), sent + 1) << "the INVITE again";
  }
  // Of the same Call-ID, but the branch of the INVITE alone: its CANCEL, then the 487.
  receive(0, {like(begun, "CANCEL")});
  EXPECT_TRUE(shards_[1].answer(1).starts_with("SIP/2.0 487"));
  EXPECT_EQ(shards_[0].unfinished() + shards_[1].unfinished(), 0U);
}

// RFC 3261 section 8.2.2.2.
TEST_F(IntakeThatDrains, refuses_what_comes_by_another_way_where_the_first_one_is) {
  const int call = call_at(1);
  const std::string begun = request_of("INVITE", 1, call, "ring");
  receive(0, {begun});
  drain(1);
  receive(0, {test::replaced(begun, "z9hG4bK", "z9hG4bKother-")});
  EXPECT_TRUE(shards_[1].sent().back().starts_with("SIP/2.0 482"));
}

TEST_F(IntakeThatDrains, keeps_all_at_home_that_its_shard_still_has_when_nobody_drains) {
  const int call = call_at(1);
  receive(0, {request_of("OPTIONS", 1, call)});
  drain(0);  // another one
  receive(0, {request_of("OPTIONS", 2, call)});
  EXPECT_EQ(header_of(shards_[1].answer(2), "X-Shard"), "1");
}

}  // namespace
}  // namespace sipring
