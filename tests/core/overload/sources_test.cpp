// SPDX-License-Identifier: MIT
#include <sipring/core/overload/detail/sources.h>

#include <gtest/gtest.h>

#include <memory_resource>

#include "tests/support/engine_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Verdict = Sources::Verdict;

IpAddress ip(std::string_view text) {
  return *parse_ip_address(text);
}

class SourcesTest : public ::testing::Test {
 protected:
  Sources make(const OverloadSettings& settings) {
    return Sources(settings, {1, 2}, *std::pmr::new_delete_resource());
  }
  static int admitted(Sources& sources, Instant now, const IpAddress& source, int offered,
                      Precedence precedence = Precedence::call) {
    int count = 0;
    for (int i = 0; i < offered; ++i)
      count += sources.decide(now, source, precedence).verdict == Verdict::admitted;
    return count;
  }
  Instant now{seconds(100)};
};

TEST(TokenBucket, gives_its_burst_at_once_and_its_rate_in_the_long_run) {
  const Rate rate = Rate::per_second(100, 5);
  TokenBucket bucket;
  Instant now{seconds(1)};
  int taken = 0;
  for (int i = 0; i < 20; ++i) taken += bucket.take(now, rate);
  EXPECT_EQ(taken, 5);
  for (int i = 0; i < 10'000; ++i) taken += bucket.take(now += milliseconds(1), rate);
  EXPECT_NEAR(taken, 1'005, 1);
}

TEST_F(SourcesTest, one_source_has_its_rate_and_others_have_theirs) {
  Sources sources = make({.source_rate = 100, .source_burst = 5});
  EXPECT_EQ(admitted(sources, now, ip("192.0.2.1"), 50), 5);
  EXPECT_EQ(admitted(sources, now, ip("192.0.2.2"), 50), 5);
  EXPECT_EQ(admitted(sources, now + milliseconds(20), ip("192.0.2.1"), 50), 2);
}

TEST_F(SourcesTest, a_source_of_ipv6_is_its_64_bits) {
  Sources sources = make({.source_rate = 100, .source_burst = 5});
  EXPECT_EQ(admitted(sources, now, ip("2001:db8::1"), 50), 5);
  EXPECT_EQ(admitted(sources, now, ip("2001:db8::ffff:2"), 50), 0);
  EXPECT_EQ(admitted(sources, now, ip("2001:db8:0:1::1"), 50), 5);
}

TEST_F(SourcesTest, requests_within_dialogs_go_on_when_new_ones_are_over_the_rate) {
  Sources sources = make({.source_rate = 100, .source_burst = 5});
  EXPECT_EQ(admitted(sources, now, ip("192.0.2.1"), 50), 5);
  EXPECT_EQ(admitted(sources, now, ip("192.0.2.1"), 50, Precedence::in_dialog), 5);
}

TEST_F(SourcesTest, refusals_are_answered_as_often_as_requests_may_come_and_no_more) {
  Sources sources = make({.source_rate = 100, .source_burst = 5});
  int answered = 0;
  for (int i = 0; i < 50; ++i) {
    const auto decision = sources.decide(now, ip("192.0.2.1"), Precedence::call);
    answered += decision.verdict == Verdict::over_rate && decision.answer;
  }
  EXPECT_EQ(answered, 5);
}

TEST_F(SourcesTest, transactions_alive_are_bounded_until_they_end) {
  Sources sources = make({.source_transactions = 2});
  std::uint32_t slots[2];
  for (std::uint32_t& slot : slots) {
    slot = sources.decide(now, ip("192.0.2.1"), Precedence::call).slot;
    sources.hold(slot);
  }
  EXPECT_EQ(slots[0], slots[1]);
  EXPECT_EQ(sources.decide(now, ip("192.0.2.1"), Precedence::call).verdict,
            Verdict::too_many_transactions);
  EXPECT_EQ(sources.decide(now, ip("192.0.2.1"), Precedence::in_dialog).verdict, Verdict::admitted);
  EXPECT_EQ(sources.decide(now, ip("192.0.2.2"), Precedence::call).verdict, Verdict::admitted);
  sources.release(slots[0]);
  EXPECT_EQ(sources.decide(now, ip("192.0.2.1"), Precedence::call).verdict, Verdict::admitted);
}

// Thousands of addresses that each send once must neither lock anybody out nor forget who floods.
TEST_F(SourcesTest, many_addresses_do_not_make_a_flooder_forgotten) {
  Sources sources = make({.source_rate = 10, .source_burst = 10, .sources = 64});
  int of_flooder = 0;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    now += std::chrono::microseconds(100);
    IpAddress passer_by = ip("10.0.0.0");
    passer_by.octets[2] = static_cast<std::uint8_t>(i >> 8);
    passer_by.octets[3] = static_cast<std::uint8_t>(i);
    EXPECT_EQ(admitted(sources, now, passer_by, 1), 1);
    of_flooder += admitted(sources, now, ip("192.0.2.1"), 1);
  }
  EXPECT_LE(of_flooder, 10 + 2 * 10 + 1);
}

TEST_F(SourcesTest, a_full_table_lets_newcomers_pass) {
  Sources sources = make({.source_rate = 10, .source_burst = 1, .sources = 4});
  for (const char* text : {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"}) {
    sources.hold(sources.decide(now, ip(text), Precedence::call).slot);
  }
  for (int i = 0; i < 5; ++i) {
    const auto decision = sources.decide(now, ip("192.0.2.5"), Precedence::call);
    EXPECT_EQ(decision.verdict, Verdict::admitted);
    EXPECT_EQ(decision.slot, Sources::none);
    sources.hold(decision.slot);
    sources.release(decision.slot);
  }
}

}  // namespace
}  // namespace sipring::test
