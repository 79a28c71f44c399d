// Both families of addresses, and TCP above 1300 octets (RFC 3261 section 18.1.1).
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>

#include "tests/core/sending/sender_fixture.h"

namespace sipring::test {
namespace {

using namespace std::chrono_literals;

class SenderOfBothFamilies : public SenderTest {
 protected:
  SenderOfBothFamilies() : SenderTest(Way::v6) {}
};

TEST_F(SenderOfBothFamilies, a_target_does_not_wait_for_the_addresses_of_the_other_family) {
  zone = Zone("x.example A 192.0.2.1\nx.example AAAA 2001:db8::1");
  silent_about = wire_aaaa;
  habits[a] = Habit::answers;
  (void)send("sip:x.example:5060");
  EXPECT_EQ(outcome, "200");
  EXPECT_EQ(resolver.counters().queries, 2u);  // both went out
}

TEST_F(SenderOfBothFamilies, the_other_family_has_been_asked_for_when_the_first_has_nothing) {
  zone = Zone("x.example AAAA 2001:db8::1");
  habits["udp [2001:db8::1]:5060"] = Habit::answers;
  (void)send("sip:x.example:5060");
  EXPECT_EQ(outcome, "200");
  EXPECT_EQ(resolver.counters().queries, 2u);
  EXPECT_EQ(zone.asked["x.example AAAA"], 1);
}

class SenderWithTcp : public SenderTest {
 protected:
  SenderWithTcp() : SenderTest(Way::tcp) {}
  const std::string large = std::string(1'400, 'x');
};

TEST_F(SenderWithTcp, what_is_too_large_for_udp_goes_by_tcp) {
  habits["tcp 192.0.2.1:5060"] = Habit::answers;
  (void)send("sip:192.0.2.1", 7, "OPTIONS", large);
  EXPECT_EQ(outcome, "200");
  EXPECT_TRUE(header_of(texts["tcp 192.0.2.1:5060"], "Via").starts_with("SIP/2.0/TCP"));
  EXPECT_EQ(texts.count(a), 0u);
  (void)send("sip:192.0.2.1", 8, "OPTIONS", "small");
  EXPECT_EQ(texts.count(a), 1u);
}

TEST_F(SenderWithTcp, what_takes_no_tcp_gets_it_by_udp_after_all) {
  habits["tcp 192.0.2.1:5060"] = Habit::refuses;
  habits[a] = Habit::answers;
  (void)send("sip:192.0.2.1", 7, "OPTIONS", large);
  tell_refusals();
  EXPECT_EQ(outcome, "200");
  EXPECT_EQ(history, "tcp 192.0.2.1:5060 transport_failed\n" + a + " open\n");
  EXPECT_EQ(sender.counters().back_to_udp, 1u);
  EXPECT_EQ(health.size(), 0u);
}

// By UDP a transaction is there for 5 seconds after its end, by TCP for none.
TEST_F(SenderWithTcp, an_earlier_attempt_that_ends_after_the_last_one_is_nobodys_news) {
  zone = Zone(
      "x.example NAPTR 1 1 s SIP+D2U _sip._udp.x.example\n"
      "x.example NAPTR 2 1 s SIP+D2T _sip._tcp.x.example\n"
      "_sip._udp.x.example SRV 1 0 5060 a.example\n_sip._tcp.x.example SRV 1 0 5060 b.example\n"
      "a.example A 192.0.2.1\nb.example A 192.0.2.2");
  habits[a] = Habit::unavailable;
  habits["tcp 192.0.2.2:5060"] = Habit::answers;
  (void)send("sip:x.example");
  EXPECT_EQ(outcome, "200");
  EXPECT_EQ(terminated, 1);
  EXPECT_EQ(sender.sendings(), 1u);
  advance(6s);
  EXPECT_EQ(terminated, 1);
  EXPECT_EQ(not_ours, 0);
  EXPECT_EQ(sender.sendings(), 0u);
}

}  // namespace
}  // namespace sipring::test
