// SPDX-License-Identifier: MIT
#include <sipring/core/overload/turn_budget.h>

#include <gtest/gtest.h>

namespace sipring::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using TurnVerdict = TurnBudget::Verdict;

class TurnBudgetTest : public ::testing::Test {
 protected:
  void turn(Duration length) {
    budget.begin(now);
    now += length;
    budget.end(now);
  }
  TurnBudget budget{TurnLimits{.budget = milliseconds(20), .patience = milliseconds(100)}};
  Instant now{};
};

TEST_F(TurnBudgetTest, one_long_turn_is_no_overload) {
  turn(milliseconds(90));
  EXPECT_FALSE(budget.is_overloaded());
  turn(milliseconds(1));
  turn(milliseconds(90));
  EXPECT_FALSE(budget.is_overloaded());
}

TEST_F(TurnBudgetTest, long_turns_after_one_another_are) {
  for (int i = 0; i < 4; ++i) turn(milliseconds(25));
  EXPECT_FALSE(budget.is_overloaded());
  turn(milliseconds(25));
  EXPECT_TRUE(budget.is_overloaded());
}

TEST_F(TurnBudgetTest, a_turn_that_never_ends_is) {
  budget.begin(now);
  EXPECT_FALSE(budget.look(now + milliseconds(100)));
  EXPECT_TRUE(budget.look(now + milliseconds(101)));
  // What is left of it is served within a budget that starts now.
  EXPECT_EQ(budget.verdict(now + milliseconds(120), Precedence::call), TurnVerdict::serve);
  EXPECT_EQ(budget.verdict(now + milliseconds(121), Precedence::call), TurnVerdict::refuse);
}

TEST_F(TurnBudgetTest, a_turn_that_was_too_long_does_not_end_what_it_began) {
  budget.begin(now);
  now += milliseconds(160);
  ASSERT_TRUE(budget.look(now));  // after its last message
  budget.end(now);
  EXPECT_TRUE(budget.is_overloaded());
  turn(milliseconds(1));
  EXPECT_TRUE(budget.is_overloaded());  // it had nothing to do
  turn(milliseconds(19));
  EXPECT_FALSE(budget.is_overloaded());
}

TEST_F(TurnBudgetTest, many_short_turns_are_not) {
  for (int i = 0; i < 1'000; ++i) turn(milliseconds(19));
  EXPECT_FALSE(budget.is_overloaded());
}

TEST_F(TurnBudgetTest, after_the_budget_comes_refusal_and_then_silence) {
  for (int i = 0; i < 6; ++i) turn(milliseconds(25));
  budget.begin(now);
  EXPECT_EQ(budget.verdict(now, Precedence::registration), TurnVerdict::serve);
  now += milliseconds(20);
  EXPECT_EQ(budget.verdict(now, Precedence::in_dialog), TurnVerdict::serve);
  EXPECT_EQ(budget.verdict(now, Precedence::emergency), TurnVerdict::refuse);
  now += microseconds(1'660);
  EXPECT_EQ(budget.verdict(now, Precedence::other), TurnVerdict::refuse);
  now += microseconds(20);
  EXPECT_EQ(budget.verdict(now, Precedence::other), TurnVerdict::leave);
  EXPECT_EQ(budget.verdict(now + milliseconds(20), Precedence::in_dialog), TurnVerdict::leave);
}

TEST_F(TurnBudgetTest, turns_that_serve_all_end_it) {
  for (int i = 0; i < 6; ++i) turn(milliseconds(25));
  budget.begin(now);
  (void)budget.verdict(now + milliseconds(20), Precedence::call);
  budget.end(now += milliseconds(20));
  EXPECT_TRUE(budget.is_overloaded());  // something was refused
  for (int i = 0; i < 4; ++i) turn(milliseconds(5));
  EXPECT_FALSE(budget.is_overloaded());
}

TEST_F(TurnBudgetTest, without_a_budget_there_is_no_overload) {
  budget = TurnBudget(TurnLimits{.budget = {}});
  for (int i = 0; i < 10; ++i) turn(milliseconds(500));
  EXPECT_FALSE(budget.is_overloaded());
}

}  // namespace
}  // namespace sipring::test
