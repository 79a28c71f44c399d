// SPDX-License-Identifier: MIT
#include <load/assertion.h>

#include <gmock/gmock.h>

#include <chrono>

namespace sipring::app::test {
namespace {

// 1,000 calls in 10 s, 2 of them failed; the n-th took n ms.
LoadResult result() {
  LoadResult result;
  result.seconds = 10;
  result.tally.started = 1'000;
  result.tally.succeeded = 998;
  result.tally[Failure::refused] = 2;
  for (int i = 1; i <= 1'000; ++i) result.tally.answer.record(std::chrono::milliseconds(i));
  result.shards.engine.retransmissions_sent = 7;
  return result;
}

bool holds(std::string_view text) {
  const auto assertion = Assertion::parse(text);
  EXPECT_TRUE(assertion) << assertion.error();
  return assertion && assertion->holds(result());
}

TEST(Assertion, compares_percentiles_in_any_unit) {
  EXPECT_TRUE(holds("p99<1.01s"));
  EXPECT_FALSE(holds("p99<900ms"));
  EXPECT_TRUE(holds("p50>=500000us"));
  EXPECT_TRUE(holds("p99.9>0.9s"));
  EXPECT_TRUE(holds("max<=1s"));
  EXPECT_TRUE(holds("mean<501ms"));
}

TEST(Assertion, compares_counts_shares_and_rates) {
  EXPECT_TRUE(holds("failures<=2"));
  EXPECT_FALSE(holds("failures<2"));
  EXPECT_TRUE(holds("failures<0.21%"));
  EXPECT_FALSE(holds("failures<0.2%"));
  EXPECT_TRUE(holds("retransmissions<=7"));
  EXPECT_TRUE(holds("rate>=100"));
  EXPECT_FALSE(holds("rate>100"));
}

TEST(Assertion, compares_what_phones_have_seen) {
  LoadResult result;
  PhoneTally& phones = result.tally.phones;
  phones.registered = 10;
  phones.arrived = 9;
  phones.answered = 8;
  phones.completed = 7;
  phones.elsewhere = 1;
  phones.failed = phones.open = phones.cancelled = 1;
  phones.arrival.record(std::chrono::milliseconds(4));
  phones.setup.record(std::chrono::milliseconds(6));
  const auto holds = [&](std::string_view text) { return Assertion::parse(text)->holds(result); };
  for (const char* text :
       {"registered>=10", "arrived>=9", "answered>=8", "completed>=7", "not-completed<=3",
        "other-connection<=1", "arrival-p99<5ms", "arrival-max<5ms", "setup-p50<7ms"})
    EXPECT_TRUE(holds(text)) << text;
  for (const char* text :
       {"registered>10", "arrived>9", "answered>8", "completed>7", "not-completed<3",
        "other-connection<1", "arrival-p99<3ms", "setup-mean<5ms"})
    EXPECT_FALSE(holds(text)) << text;
}

TEST(Assertion, calls_nothing_begun_a_failure) {
  EXPECT_FALSE(Assertion::parse("failures<0.1%")->holds(LoadResult{}));
}

TEST(Assertion, says_what_is_wrong_with_it) {
  const auto error_of = [](std::string_view text) {
    const auto assertion = Assertion::parse(text);
    EXPECT_FALSE(assertion) << text;
    return assertion ? std::string() : assertion.error();
  };
  EXPECT_THAT(error_of("p99"), ::testing::HasSubstr("no < or >"));
  EXPECT_THAT(error_of("p99<"), ::testing::HasSubstr("no number"));
  EXPECT_THAT(error_of("p99<x"), ::testing::HasSubstr("no number"));
  EXPECT_THAT(error_of("p99<20"), ::testing::HasSubstr("us, ms or s"));
  EXPECT_THAT(error_of("p101<20ms"), ::testing::HasSubstr("no such metric"));
  EXPECT_THAT(error_of("speed<20ms"), ::testing::HasSubstr("no such metric"));
  EXPECT_THAT(error_of("rate>5ms"), ::testing::HasSubstr("plain number"));
  EXPECT_THAT(error_of(""), ::testing::HasSubstr("no < or >"));
}

}  // namespace
}  // namespace sipring::app::test
