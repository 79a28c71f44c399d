// A request and its targets, in virtual time: engine, resolver and sender together, against a
// network where each target does as it is told.
// SPDX-License-Identifier: MIT
#include <sipring/core/sending/sender.h>

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "tests/core/routing/located.h"
#include "tests/support/engine_client_fixture.h"

namespace sipring::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view three_servers =
    "x.example SRV 0 0 1 none\n"
    "_sip._udp.x.example SRV 1 0 5060 a.example\n_sip._udp.x.example SRV 2 0 5060 b.example\n"
    "_sip._udp.x.example SRV 3 0 5060 c.example\n"
    "a.example A 192.0.2.1\nb.example A 192.0.2.2\nc.example A 192.0.2.3";

class SenderTest : public Located {
 protected:
  static Settings engine_settings() {
    Settings settings;
    settings.limits.transactions = 64;
    settings.limits.sends_in_flight = 16;
    return settings;
  }
  // Besides UDP from an IPv4 address.
  enum class Way { none, tcp, v6 };
  static SenderSettings sender_settings(Way way) {
    SenderSettings settings;
    settings.origins.push_back({.sent_by = "192.0.2.200:5060"});
    if (way == Way::tcp) {
      settings.origins.push_back({.transport = Transport::tcp, .sent_by = "192.0.2.200:5060"});
    }
    if (way == Way::v6) {
      settings.origins.push_back(
          {.family = IpAddress::Family::v6, .sent_by = "[2001:db8::200]:5060"});
    }
    settings.sendings = 32;
    settings.kept_bytes = std::size_t{4} << 20;
    return settings;
  }

  explicit SenderTest(Way way = Way::none)
      : engine(engine_settings(), Entropy{{1, 2, 3, 4}}, *std::pmr::new_delete_resource()),
        sender(sender_settings(way), engine, resolver, health, 1,
               *std::pmr::new_delete_resource()) {}

  // By default no target says anything.
  enum class Habit { silent, answers, busy, unavailable, unavailable_for_20_s, refuses, trying };

  std::expected<Handle<Sending>, SendError> send(std::string_view uri, std::uint64_t user = 7,
                                                 std::string_view method = "OPTIONS",
                                                 std::string_view body = "") {
    const std::string cseq = "1 " + std::string(method);
    const std::string call_id = "c" + std::to_string(user);
    const HeaderLine headers[] = {{"From", "<sip:alice@example.com>;tag=a1"},
                                  {"To", "<sip:bob@example.com>"},
                                  {"Call-ID", call_id},
                                  {"CSeq", cseq},
                                  {"Subject", "what was given is what is sent"}};
    const auto destination = destination_of(*parse_uri(uri));
    const auto sending = sender.send(
        now, *destination,
        {.method = method, .request_uri = "sip:bob@x.example", .headers = headers, .body = body},
        user);
    settle();
    return sending;
  }

  // Outputs of all three until there are none.
  void settle() {
    for (bool any = true; any;) {
      any = false;
      while (auto output = engine.next_output()) {
        any = true;
        take(*output);
      }
      while (auto output = resolver.next_output()) {
        any = true;
        if (auto* query = std::get_if<dns::SendQuery>(&*output)) {
          const bool is_heard =
              dns_is_there && test::read_query(query->bytes->view()).type != silent_about;
          if (is_heard)
            queries.push_back({query->question, query->server, std::string(query->bytes->view())});
        } else if (auto* told = std::get_if<dns::Answered>(&*output)) {
          sender.take(now, *told);
        }
      }
      while (!queries.empty()) {
        any = true;
        const Sent query = queries.front();
        queries.pop_front();
        resolver.receive(now, query.question, query.server, zone.answer(query.octets));
      }
      while (auto ended = sender.next_ended()) {
        any = true;
        record(
            ended->sending,
            "ended " + std::to_string(ended->status) + " " + std::string(to_string(ended->reason)),
            ended->user);
      }
      while (!arriving.empty()) {
        any = true;
        const auto [text, source] = arriving.front();
        arriving.pop_front();
        const PaddedText padded(text);
        engine.receive(now, {padded.view(), source, Flow{}});
        while (auto output = engine.next_output()) take(*output);
      }
    }
  }

  void advance(Duration by) {
    const Instant until = now + by;
    while (std::min(engine.next_deadline(), resolver.next_deadline()) <= until) {
      now = std::max(now, std::min(engine.next_deadline(), resolver.next_deadline()));
      engine.advance(now);
      resolver.advance(now);
      settle();
    }
    now = until;
  }

  void take(Output& output) {
    if (auto* octets = std::get_if<Transmit>(&output)) return arrive(*octets);
    const Sender::Verdict verdict = sender.take(now, output);
    if (verdict.kind == Sender::Verdict::Kind::not_ours) ++not_ours;
    if (verdict.kind != Sender::Verdict::Kind::passed) return;
    if (std::holds_alternative<Terminated>(output)) ++terminated;
    if (const auto* response = std::get_if<ResponseReceived>(&output)) {
      record(verdict.sending, std::to_string(response->message->status()), verdict.user);
    } else if (std::holds_alternative<TimedOut>(output)) {
      record(verdict.sending, "timed out", verdict.user);
    } else if (std::holds_alternative<TransportFailed>(output)) {
      record(verdict.sending, "transport failed", verdict.user);
    }
  }

  void record(Handle<Sending> sending, const std::string& what, std::uint64_t user) {
    outcome = what;
    outcome_user = user;
    ++outcomes;
    history.clear();
    for (const Attempt& attempt : sender.history(sending))
      history += text_of(attempt.target) + " " + std::string(to_string(attempt.end)) + "\n";
  }

  void arrive(const Transmit& transmit) {
    const std::string text(transmit.bytes->view());
    const std::string target = text_of(transmit.destination);
    if (text.starts_with("ACK")) return;
    if (texts[target].empty()) order += target + "\n";
    texts[target] = text;
    const auto respond = [&](std::string_view status, std::string_view more = "") {
      std::string response = EngineClientFixtureText::response_to(text, status);
      response.insert(response.find("Content-Length"), more);
      arriving.push_back({response, transmit.destination});
    };
    switch (habits[target]) {
      case Habit::silent: return;
      case Habit::answers: return respond("200 OK");
      case Habit::busy: return respond("486 Busy Here");
      case Habit::trying: return respond("100 Trying");
      case Habit::unavailable: return respond("503 Service Unavailable");
      case Habit::unavailable_for_20_s:
        return respond("503 Service Unavailable", "Retry-After: 20\r\n");
      case Habit::refuses: refused.push_back(text); return;
    }
  }
  // What ICMP or a connection tells after the drain.
  void tell_refusals() {
    while (!refused.empty()) {
      std::string text = refused.front();
      refused.pop_front();
      const std::size_t size = text.size();
      text.append(readable_padding, '\0');
      engine.transport_failed(now, std::string_view(text).substr(0, size));
      settle();
    }
  }

  struct EngineClientFixtureText : EngineClientFixture {
    using EngineClientFixture::response_to;
    void TestBody() override {}
  };
  struct Arriving {
    std::string text;
    NetworkAddress source;
  };

  Engine engine;
  Sender sender;
  Zone zone{three_servers};
  std::map<std::string, Habit> habits;
  std::map<std::string, std::string> texts;  // the last request to each target
  std::string order;                         // targets as they were tried
  std::deque<Sent> queries;
  std::deque<Arriving> arriving;
  std::deque<std::string> refused;
  bool dns_is_there = true;
  unsigned silent_about = 0;  // a type
  std::string outcome, history;
  std::uint64_t outcome_user = 0;
  int outcomes = 0;
  int terminated = 0;  // that the user hears of
  int not_ours = 0;
};

const std::string a = "udp 192.0.2.1:5060", b = "udp 192.0.2.2:5060", c = "udp 192.0.2.3:5060";

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

TEST_F(SenderTest, after_a_timeout_the_next_target_gets_the_same_request_with_another_branch) {
  habits[b] = Habit::answers;
  ASSERT_TRUE(send("sip:x.example", 7, "OPTIONS", "a body").has_value());
  advance(40s);
  EXPECT_EQ(order, a + "\n" + b + "\n");
  EXPECT_EQ(outcome, "200");
  EXPECT_EQ(outcomes, 1);
  EXPECT_EQ(history, a + " timed_out\n" + b + " open\n");
  const auto without_via = [](const std::string& text) {
    const std::size_t begin = text.find("Via:");
    return text.substr(0, begin) + text.substr(text.find("\r\n", begin));
  };
  EXPECT_EQ(without_via(texts[a]), without_via(texts[b]));
  EXPECT_NE(header_of(texts[a], "Via"), header_of(texts[b], "Via"));
  EXPECT_TRUE(texts[b].ends_with("\r\n\r\na body"));
  advance(60s);
  EXPECT_EQ(sender.sendings(), 0u);
}

TEST_F(SenderTest, the_one_that_timed_out_is_tried_last_by_the_next_request) {
  habits[b] = Habit::answers;
  (void)send("sip:x.example");
  advance(33s);
  order.clear();
  texts.clear();
  (void)send("sip:x.example", 8);
  EXPECT_EQ(order, b + "\n");
  EXPECT_EQ(outcome_user, 8u);
  habits[a] = Habit::answers;  // it comes back
  advance(60s);
  order.clear();
  texts.clear();
  (void)send("sip:x.example", 9);
  EXPECT_EQ(order, a + "\n");
  EXPECT_EQ(health.size(), 0u);
}

TEST_F(SenderTest, after_503_the_next_target_is_tried_and_the_user_hears_only_of_that) {
  habits[a] = Habit::unavailable;
  habits[b] = Habit::unavailable;
  habits[c] = Habit::busy;
  (void)send("sip:x.example", 7, "INVITE");
  EXPECT_EQ(outcome, "486");
  EXPECT_EQ(outcomes, 1);
  EXPECT_EQ(history, a + " unavailable\n" + b + " unavailable\n" + c + " open\n");
  advance(60s);
  EXPECT_EQ(sender.sendings(), 0u);
}

TEST_F(SenderTest, the_503_of_the_last_target_is_passed_up_as_it_is) {
  for (const std::string& target : {a, b, c}) habits[target] = Habit::unavailable;
  (void)send("sip:x.example", 7, "INVITE");
  EXPECT_EQ(outcome, "503");
  EXPECT_EQ(outcomes, 1);
  advance(60s);
  EXPECT_EQ(sender.sendings(), 0u);
}

TEST_F(SenderTest, retry_after_keeps_everybody_away_for_so_long) {
  habits[a] = Habit::unavailable_for_20_s;
  habits[b] = Habit::answers;
  (void)send("sip:x.example");
  EXPECT_EQ(order, a + "\n" + b + "\n");
  const auto next = [&](std::uint64_t user) {
    order.clear();
    texts.clear();
    (void)send("sip:x.example", user);
    return order;
  };
  EXPECT_EQ(next(8), b + "\n");
  advance(19s);
  EXPECT_EQ(next(9), b + "\n");
  advance(1s);
  habits[a] = Habit::answers;
  EXPECT_EQ(next(10), a + "\n");
}

TEST_F(SenderTest, a_target_that_has_said_anything_is_not_left_for_another) {
  habits[a] = Habit::trying;
  (void)send("sip:x.example");
  advance(60s);
  EXPECT_EQ(order, a + "\n");
  EXPECT_EQ(outcome, "timed out");
  EXPECT_EQ(health.size(), 0u);
}

TEST_F(SenderTest, after_a_transport_error_the_next_target_is_tried_at_once) {
  habits[a] = Habit::refuses;
  habits[b] = Habit::refuses;
  habits[c] = Habit::answers;
  (void)send("sip:x.example", 7, "INVITE");
  tell_refusals();
  EXPECT_EQ(outcome, "200");
  EXPECT_EQ(history, a + " transport_failed\n" + b + " transport_failed\n" + c + " open\n");
}

TEST_F(SenderTest, when_all_have_failed_the_last_failure_is_told_once) {
  (void)send("sip:x.example");
  advance(32s);
  EXPECT_EQ(outcomes, 0);
  advance(70s);
  EXPECT_EQ(outcome, "timed out");
  EXPECT_EQ(outcomes, 1);
  EXPECT_EQ(history, a + " timed_out\n" + b + " timed_out\n" + c + " timed_out\n");
  EXPECT_EQ(sender.sendings(), 0u);
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

TEST_F(SenderTest, after_a_known_target_the_others_are_tried_and_it_is_not_tried_again) {
  habits[a] = Habit::answers;
  (void)send("sip:x.example", 1);
  habits[a] = Habit::unavailable;
  order.clear();
  texts.clear();
  (void)send("sip:x.example", 2);
  advance(70s);
  EXPECT_EQ(sender.counters().known, 1u);
  EXPECT_EQ(history, a + " unavailable\n" + b + " timed_out\n" + c + " timed_out\n");
  EXPECT_EQ(outcome, "timed out");
  EXPECT_EQ(header_of(texts[a], "Call-ID"), header_of(texts[c], "Call-ID"));
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
  for (std::uint64_t user = 1; user <= 32; ++user)
    EXPECT_TRUE(send("sip:x.example", user).has_value());
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
