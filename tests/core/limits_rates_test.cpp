// What Limits say that they carry for ever, beside an engine that is asked so often for two
// minutes.
// SPDX-License-Identifier: MIT
#include <sipring/core/limits.h>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

Settings settings_of(std::uint32_t transactions) {
  Settings settings;
  settings.limits.transactions = transactions;
  return settings;
}

class SteadyRatesTest : public EngineServerFixture {
 protected:
  SteadyRatesTest() : EngineServerFixture(settings_of(1'000)) {}

  static SteadyRates rates(Remembered remembered) {
    return steady_rates(settings_of(1'000).limits, {}, remembered);
  }
  // So many a second, each answered at once.
  void ask(double rate) {
    each(rate, [&](const std::string& number) {
      receive(numbered(with_method("OPTIONS"), number));
      return accepts();
    });
  }
  void call(double rate) {
    each(rate, [&](const std::string& number) {
      receive(numbered(invite, number));
      if (!accepts()) return false;
      engine.acknowledged(now, requests.back());
      requests.clear();
      receive(numbered(with_method("BYE"), number + "b"));
      return accepts();
    });
  }
  [[nodiscard]] std::uint64_t forgotten() const { return engine.counters().transactions_forgotten; }

  std::uint64_t begun = 0;
  std::uint64_t refused = 0;

 private:
  // False: the engine has refused it.
  bool accepts() { return !requests.empty() && answer(200).has_value(); }
  static std::string numbered(const std::string& text, const std::string& number) {
    return replaced(replaced(text, "z9hG4bK1", "z9hG4bK" + number), "c1@", number + "@");
  }
  template <class Begin>
  void each(double rate, Begin begin) {
    const auto gap = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(1 / rate));
    for (const Instant end = now + std::chrono::minutes(2); now < end; advance(gap)) {
      ++begun;
      requests.clear();
      if (!begin(std::to_string(1'000'000 + begun))) ++refused;
      sent.clear();
    }
  }
};

TEST_F(SteadyRatesTest, of_requests_that_are_remembered_to_the_end_make_none_forgotten) {
  ask(0.98 * rates(Remembered::to_the_end).requests);  // a timer may be a tick late
  EXPECT_EQ(forgotten(), 0u);
  ask(1.05 * rates(Remembered::to_the_end).requests);
  EXPECT_GT(forgotten(), 0u);
}

TEST_F(SteadyRatesTest, of_requests_that_are_remembered_as_long_as_is_safe_are_carried_for_ever) {
  ask(rates(Remembered::as_long_as_safe).requests);
  EXPECT_EQ(refused, 0u);
  EXPECT_GT(forgotten(), 0u);
  ask(1.3 * rates(Remembered::as_long_as_safe).requests);
  EXPECT_GT(refused, 0u) << "it carries more than it says";
}

TEST_F(SteadyRatesTest, of_calls_that_are_remembered_to_the_end_make_none_forgotten) {
  call(0.98 * rates(Remembered::to_the_end).calls);
  EXPECT_EQ(forgotten(), 0u);
  call(1.05 * rates(Remembered::to_the_end).calls);
  EXPECT_GT(forgotten(), 0u);
}

TEST_F(SteadyRatesTest, of_calls_that_are_remembered_as_long_as_is_safe_are_carried_for_ever) {
  call(rates(Remembered::as_long_as_safe).calls);
  EXPECT_EQ(refused, 0u);
  EXPECT_GT(forgotten(), 0u);
  call(1.3 * rates(Remembered::as_long_as_safe).calls);
  EXPECT_GT(refused, 0u) << "it carries more than it says";
}

TEST(TransactionsFor, are_as_many_as_carry_the_rates) {
  for (const Remembered remembered : {Remembered::to_the_end, Remembered::as_long_as_safe}) {
    for (const std::uint32_t reserved : {0u, 4u, 64u}) {
      Limits limits = settings_of(1'000'000).limits;
      limits.one_reserved_of = reserved;
      const SteadyRates carried = steady_rates(limits, {}, remembered);
      EXPECT_NEAR(transactions_for({.requests = carried.requests}, limits, {}, remembered),
                  1'000'000, 2);
      EXPECT_NEAR(
          transactions_for({carried.requests / 2, carried.calls / 2}, limits, {}, remembered),
          1'000'000, 2);
    }
  }
}

TEST(SteadyRates, follow_the_timers_and_what_is_remembered_at_least) {
  Limits limits = settings_of(1'000'000).limits;
  const double usual = steady_rates(limits, {}, Remembered::as_long_as_safe).requests;
  EXPECT_NEAR(usual, 875'000 / 4.0, 1);  // 8*T1
  limits.remember_at_least = std::chrono::seconds(8);
  EXPECT_NEAR(steady_rates(limits, {}, Remembered::as_long_as_safe).requests, usual / 2, 1);
  limits.remember_at_least = Duration::max();
  EXPECT_NEAR(steady_rates(limits, {}, Remembered::as_long_as_safe).requests, usual / 8, 1);
  const TimerSettings fast{.t1 = std::chrono::milliseconds(50)};
  EXPECT_NEAR(steady_rates(limits, fast, Remembered::to_the_end).requests, 875'000 / 3.2, 1);
}

}  // namespace
}  // namespace sipring::test
