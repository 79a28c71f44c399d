// SPDX-License-Identifier: MIT
#include <sipring/core/outbound/keep_alives.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <optional>

namespace sipring::test {
namespace {

using namespace std::chrono_literals;

KeepAliveTerms every(std::chrono::seconds at_most) {
  return {.wanted = true, .at_most = at_most};
}

class KeepAlivesTest : public ::testing::Test {
 protected:
  static PeerFlow by_udp(std::uint16_t port) {
    return {Flow::of_listener(1), {*parse_ip_address("192.0.2.1"), port, Transport::udp}};
  }
  static PeerFlow by_tcp(std::uint32_t slot) {
    return {Flow::of_connection(0, slot, 1),
            {*parse_ip_address("192.0.2.1"), 5060, Transport::tcp}};
  }
  // Pings until then, as "udp port" or "slot of a connection"; failures are counted apart.
  int pings_until(Instant end) {
    int pings = 0;
    while (keep_alives.next_deadline() <= end) {
      now = keep_alives.next_deadline();
      while (const auto due = keep_alives.next_due(now)) {
        last = due->flow;
        due->has_failed ? ++failures : ++pings;
        if (answers && !due->has_failed) keep_alives.pong(now, due->flow.flow);
      }
    }
    now = end;
    return pings;
  }

  KeepAlives keep_alives{4, Entropy{{1, 2, 3, 4}}, *std::pmr::new_delete_resource()};
  Instant now{1h};
  std::optional<PeerFlow> last;
  int failures = 0;
  bool answers = true;
};

TEST_F(KeepAlivesTest, a_flow_is_pinged_once_for_all_who_want_it_until_the_last_has_gone) {
  const auto one = keep_alives.hold(now, by_udp(5060), every(30s));
  const auto other = keep_alives.hold(now, by_udp(5060), every(30s));
  EXPECT_EQ(one, other);
  EXPECT_EQ(keep_alives.size(), 1U);
  EXPECT_EQ(pings_until(now + 31s), 1);
  EXPECT_EQ(last, by_udp(5060));
  keep_alives.release(one);
  EXPECT_EQ(pings_until(now + 31s), 1);
  keep_alives.release(other);
  EXPECT_EQ(keep_alives.next_deadline(), never);
  EXPECT_EQ(keep_alives.size(), 0U);
  keep_alives.release(one);  // stale
}

TEST_F(KeepAlivesTest, new_calls_do_not_put_a_ping_off_and_stricter_ones_bring_it_nearer) {
  (void)keep_alives.hold(now, by_udp(5060), every(30s));
  int pings = 0;
  for (int i = 0; i < 60; ++i) {
    (void)keep_alives.hold(now, by_udp(5060), every(40s));
    pings += pings_until(now + 1s);
  }
  EXPECT_EQ(pings, 2);
  (void)keep_alives.hold(now, by_udp(5060), every(5s));
  EXPECT_GE(pings_until(now + 60s), 12);
}

TEST_F(KeepAlivesTest, peers_of_one_listener_are_flows_of_their_own) {
  (void)keep_alives.hold(now, by_udp(5060), every(30s));
  (void)keep_alives.hold(now, by_udp(5061), every(30s));
  EXPECT_EQ(pings_until(now + 31s), 2);
}

TEST_F(KeepAlivesTest, a_connection_without_a_pong_is_told_once_and_pinged_no_more) {
  answers = false;
  const auto kept = keep_alives.hold(now, by_tcp(7), every(30s));
  EXPECT_EQ(pings_until(now + 2min), 1);
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(last, by_tcp(7));
  answers = true;
  const auto moved = keep_alives.move(now, kept, by_tcp(8));
  EXPECT_GE(pings_until(now + 2min), 4) << "by the same terms";
  EXPECT_EQ(last, by_tcp(8));
  EXPECT_EQ(failures, 1);
  keep_alives.release(moved);
  EXPECT_EQ(keep_alives.size(), 0U);
}

TEST_F(KeepAlivesTest, without_room_or_terms_nothing_is_kept) {
  EXPECT_FALSE(keep_alives.hold(now, by_udp(1), {}));
  for (std::uint16_t port = 1; port <= 4; ++port)
    EXPECT_TRUE(keep_alives.hold(now, by_udp(port), every(30s)));
  EXPECT_FALSE(keep_alives.hold(now, by_udp(5), every(30s)));
  EXPECT_FALSE(keep_alives.move(now, {}, by_udp(6)));
}

}  // namespace
}  // namespace sipring::test
