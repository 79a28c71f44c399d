// Where a request goes, when it is cancelled, and whose news is told.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <string>

#include "tests/core/sending/sender_fixture.h"

namespace sipring::test {
namespace {

using namespace std::chrono_literals;

TEST_F(SenderTest, a_request_goes_where_its_uri_leads_and_its_user_hears_of_it) {
  habits[a] = Habit::answers;
  ASSERT_TRUE(send("sip:x.example", 42).has_value());
  EXPECT_EQ(outcome, "200");
  EXPECT_EQ(outcome_user, 42u);
  EXPECT_EQ(history, a + " open\n");
  advance(60s);
  EXPECT_EQ(sender.sendings(), 0u);
  EXPECT_EQ(sender.counters().failovers, 0u);
}

TEST_F(SenderTest, a_uri_that_leads_nowhere_is_told_without_a_transaction) {
  ASSERT_TRUE(send("sip:nowhere.example").has_value());
  EXPECT_EQ(outcome, "ended 503 no_such_name");
  EXPECT_EQ(outcome_user, 7u);
  ASSERT_TRUE(send("sip:x.example;transport=tcp", 8).has_value());
  EXPECT_EQ(outcome, "ended 503 no_transport");
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_EQ(sender.sendings(), 0u);
}

TEST_F(SenderTest, one_call_that_failed_does_not_change_what_dns_says_to_another) {
  habits[b] = Habit::answers;
  (void)send("sip:x.example");
  advance(33s);
  const auto answer =
      std::get<dns::Answer>(resolver.ask(now, "_sip._udp.x.example", dns::RecordType::srv, 0));
  EXPECT_EQ(answer.records.size(), 3u);
  EXPECT_EQ(answer.records[0].target, "a.example");
}

TEST_F(SenderTest, cancelled_while_the_name_servers_are_asked_it_ends_at_once) {
  dns_is_there = false;
  const auto sending = send("sip:x.example", 7, "INVITE");
  ASSERT_TRUE(sending.has_value());
  EXPECT_TRUE(sender.cancel(now, *sending).has_value());
  settle();
  EXPECT_EQ(outcome, "ended 503 all_tried");
  advance(20s);
  EXPECT_EQ(sender.sendings(), 0u);
  EXPECT_EQ(order, "");
}

TEST_F(SenderTest, cancelled_it_goes_to_no_other_target) {
  habits[a] = Habit::trying;
  const auto sending = send("sip:x.example", 7, "INVITE");
  EXPECT_TRUE(sender.cancel(now, *sending).has_value());
  settle();
  EXPECT_TRUE(texts[a].starts_with("CANCEL"));
  advance(70s);
  EXPECT_EQ(order, a + "\n");
  EXPECT_EQ(outcomes, 2);  // the 100, and that it was in vain
}

TEST_F(SenderTest, no_call_waits_for_the_names_of_another) {
  dns_is_there = false;
  (void)send("sip:x.example", 1);
  dns_is_there = true;
  habits["udp 192.0.2.9:5060"] = Habit::answers;
  (void)send("sip:192.0.2.9", 2);
  EXPECT_EQ(outcome, "200");
  EXPECT_EQ(outcome_user, 2u);
}

TEST_F(SenderTest, what_a_name_led_to_needs_no_search_the_next_time) {
  habits[a] = Habit::answers;
  (void)send("sip:x.example", 1);
  const std::uint64_t asked = resolver.counters().asked;
  (void)send("sip:x.example", 2);
  EXPECT_EQ(outcome, "200");
  EXPECT_EQ(history, a + " open\n");
  EXPECT_EQ(resolver.counters().asked, asked);
  EXPECT_EQ(sender.counters().known, 1u);
}

TEST_F(SenderTest, what_is_known_ends_with_the_time_to_live_of_what_led_there) {
  const std::string d = "udp 192.0.2.9:5060";
  habits[a] = habits[d] = Habit::answers;
  (void)send("sip:x.example;transport=udp", 1);
  zone = Zone("_sip._udp.x.example SRV 1 0 5060 d.example\nd.example A 192.0.2.9");
  advance(299s);
  (void)send("sip:x.example;transport=udp", 2);
  EXPECT_EQ(history, a + " open\n");
  advance(2s);
  (void)send("sip:x.example;transport=udp", 3);
  EXPECT_EQ(history, d + " open\n");
}

TEST_F(SenderTest, a_family_that_there_is_nothing_to_send_from_is_not_asked_for) {
  zone = Zone("x.example A 192.0.2.1");
  habits[a] = Habit::answers;
  (void)send("sip:x.example:5060");
  EXPECT_EQ(outcome, "200");
  EXPECT_EQ(zone.asked["x.example AAAA"], 0);
}

TEST_F(SenderTest, transactions_that_others_began_are_not_taken_for_its_own) {
  habits[a] = Habit::trying;
  const auto sending = send("sip:x.example", 1, "INVITE");
  const std::uint64_t its_word = std::uint64_t{sending->generation} << 32 | sending->slot;
  habits["udp 192.0.2.9:5060"] = Habit::answers;
  const HeaderLine headers[] = {{"From", "<sip:alice@example.com>;tag=a1"},
                                {"To", "<sip:bob@example.com>"},
                                {"Call-ID", "another"},
                                {"CSeq", "1 OPTIONS"}};
  ASSERT_TRUE(engine
                  .send(now,
                        {.method = "OPTIONS",
                         .request_uri = "sip:x",
                         .headers = headers,
                         .destination = {*parse_ip_address("192.0.2.9"), 5060, Transport::udp},
                         .sent_by = "192.0.2.200:5060"},
                        its_word)
                  .has_value());
  settle();
  advance(6s);
  EXPECT_EQ(not_ours, 2);  // its 200 and its end
  EXPECT_EQ(terminated, 0);
  EXPECT_EQ(sender.sendings(), 1u);
}

TEST_F(SenderTest, what_there_is_to_send_from_may_change) {
  habits[a] = Habit::answers;
  (void)send("sip:x.example", 1);
  sender.send_from({});
  (void)send("sip:x.example", 2);
  EXPECT_EQ(outcome, "ended 503 no_transport");
  sender.send_from({{.sent_by = "192.0.2.201:5070"}});
  (void)send("sip:x.example", 3);
  EXPECT_EQ(outcome, "200");
  EXPECT_NE(header_of(texts[a], "Via").find("192.0.2.201:5070"), std::string_view::npos);
}

TEST_F(SenderTest, when_there_is_no_room_nothing_is_sent) {
  dns_is_there = false;
  for (std::uint64_t attached = 1; attached <= 32; ++attached)
    EXPECT_TRUE(send("sip:x.example", attached).has_value());
  EXPECT_EQ(send("sip:x.example", 33).error(), SendError::no_transactions);
}

TEST_F(SenderTest, what_is_no_request_is_refused_by_the_engine) {
  const HeaderLine headers[] = {{"Subject", "no From, no To"}};
  const auto refused_one =
      sender.send(now, *destination_of(*parse_uri("sip:192.0.2.1")),
                  {.method = "OPTIONS", .request_uri = "sip:x", .headers = headers}, 1);
  EXPECT_EQ(refused_one.error(), SendError::missing_header);
  EXPECT_EQ(sender.sendings(), 0u);
}

}  // namespace
}  // namespace sipring::test
