// SPDX-License-Identifier: MIT
#include <sipring/core/outbound/detail/keep_alive.h>

#include <vector>

#include "tests/core/outbound/read_message.h"

namespace sipring::test {
namespace {

using namespace std::chrono_literals;
using Due = KeepAlive::Due;

constexpr KeepAliveTerms as_one_likes{.wanted = true, .at_most = {}};

class KeepAliveTest : public ReadMessage {
 protected:
  // What is due next, and time goes on to it.
  Due next() {
    now = keep_alive.next_deadline();
    return keep_alive.advance(now);
  }
  KeepAlive keep_alive{{}, Transport::tcp, 1};
  Instant now{1h};
};

TEST_F(KeepAliveTest, pings_come_after_95_to_120_seconds) {
  keep_alive.start(now, as_one_likes);
  Duration shortest = 1h, longest = 0s;
  for (int i = 0; i < 500; ++i) {
    const Instant before = now;
    EXPECT_EQ(next(), Due::ping);
    shortest = std::min(shortest, now - before);
    longest = std::max(longest, now - before);
    keep_alive.pong(now);
  }
  EXPECT_GE(shortest, 95s);
  EXPECT_LT(shortest, 96s);
  EXPECT_LE(longest, 120s);
  EXPECT_GT(longest, 119s);
}

TEST_F(KeepAliveTest, what_the_server_recommends_goes_first) {
  keep_alive.start(now, {.wanted = true, .at_most = 30s});
  for (int i = 0; i < 100; ++i) {
    const Instant before = now;
    EXPECT_EQ(next(), Due::ping);
    EXPECT_GE(now - before, 24s);
    EXPECT_LE(now - before, 30s);
    keep_alive.pong(now);
  }
}

TEST_F(KeepAliveTest, without_a_pong_the_flow_has_failed_after_ten_seconds_and_is_told_once) {
  keep_alive.start(now, as_one_likes);
  EXPECT_EQ(next(), Due::ping);
  EXPECT_EQ(keep_alive.advance(now + 9'999ms), Due::nothing);
  EXPECT_EQ(keep_alive.advance(now + 10s), Due::failed);
  EXPECT_EQ(keep_alive.next_deadline(), never);
  EXPECT_EQ(keep_alive.advance(now + 1h), Due::nothing);
}

TEST_F(KeepAliveTest, a_pong_that_nobody_asked_for_changes_nothing) {
  keep_alive.pong(now);
  EXPECT_EQ(keep_alive.next_deadline(), never);
  keep_alive.start(now, as_one_likes);
  const Instant due = keep_alive.next_deadline();
  keep_alive.pong(now + 50s);
  EXPECT_EQ(keep_alive.next_deadline(), due);
}

TEST_F(KeepAliveTest, by_udp_nothing_is_answered_and_pings_go_on) {
  keep_alive = KeepAlive({}, Transport::udp, 1);
  keep_alive.start(now, as_one_likes);
  for (int i = 0; i < 100; ++i) {
    const Instant before = now;
    EXPECT_EQ(next(), Due::ping);
    EXPECT_GE(now - before, 24s);
    EXPECT_LE(now - before, 29s);
  }
}

TEST_F(KeepAliveTest, terms_that_want_none_end_them) {
  keep_alive.start(now, as_one_likes);
  keep_alive.start(now, {});
  EXPECT_EQ(keep_alive.next_deadline(), never);
}

TEST_F(KeepAliveTest, other_terms_do_not_forgive_a_pong_that_is_due) {
  keep_alive.start(now, as_one_likes);
  EXPECT_EQ(next(), Due::ping);
  keep_alive.start(now + 5s, {.wanted = true, .at_most = 30s});
  EXPECT_EQ(keep_alive.advance(now + 10s), Due::failed);
}

KeepAliveTerms terms(const Message& response) {
  return keep_alive_terms(response);
}

TEST_F(KeepAliveTest, terms_are_in_the_keep_of_our_via) {
  const auto with = [&](std::string_view keep) {
    return terms(read("SIP/2.0 200 OK\nVia: SIP/2.0/TCP a;branch=z9hG4bKa" + std::string(keep) +
                      "\nVia: SIP/2.0/TCP b;branch=z9hG4bKb;keep=99\n"));
  };
  EXPECT_FALSE(with("").wanted);
  EXPECT_FALSE(with(";keep").wanted) << "nobody has answered it";
  EXPECT_TRUE(with(";keep=0").wanted);
  EXPECT_EQ(with(";keep=0").at_most, Duration{});
  EXPECT_EQ(with(";keep=30").at_most, 30s);
}

TEST_F(KeepAliveTest, terms_of_outbound_are_in_flow_timer) {
  const std::string via = "SIP/2.0 200 OK\nVia: SIP/2.0/TCP a;branch=z9hG4bKa\n";
  EXPECT_FALSE(terms(read(via + "Flow-Timer: 60\n")).wanted);
  EXPECT_TRUE(terms(read(via + "Require: outbound\n")).wanted);
  EXPECT_EQ(terms(read(via + "Require: outbound\nFlow-Timer: 60\n")).at_most, 60s);
}

}  // namespace
}  // namespace sipring::test
