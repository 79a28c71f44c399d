// The engine under limits per source, turned away requests, and overload control on the wire
// (RFC 7339 sections 4, 5).
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/support/engine_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

Settings with(const OverloadSettings& overload, std::uint32_t transactions = 64) {
  Settings settings;
  settings.limits.transactions = transactions;
  settings.limits.sends_in_flight = 16;
  settings.overload = overload;
  return settings;
}

std::string request_text(std::string_view method, int number, std::string_view to_tag = "",
                         std::string_view via = "") {
  const std::string name(method), branch = std::to_string(number);
  return name + " sip:bob@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK-" +
         branch + std::string(via) +
         "\r\nFrom: <sip:a@example.com>;tag=a\r\nTo: <sip:b@example.com>" + std::string(to_tag) +
         "\r\nCall-ID: " + branch + "\r\nCSeq: 1 " + name + "\r\nContent-Length: 0\r\n\r\n";
}

class EngineOverload : public EngineFixture {
 protected:
  explicit EngineOverload(const OverloadSettings& overload = {}) : EngineFixture(with(overload)) {}
  void turn_away(std::string_view text) {
    arrived = PaddedText(text);
    engine.turn_away(now, {arrived.view(), address("192.0.2.1", 5062), Flow::of_listener(7)});
    take_outputs();
  }
  std::uint64_t dropped(DropReason reason) const {
    Counters counters = engine.counters();
    return counters[reason];
  }
};

TEST_F(EngineOverload, turns_new_requests_away_without_a_transaction) {
  for (const char* method : {"INVITE", "OPTIONS", "REGISTER", "BYE", "CANCEL"}) {
    turn_away(request_text(method, 1));
    const std::string response = take_only_sent();
    EXPECT_EQ(first_line(response), "SIP/2.0 503 Service Unavailable");
    EXPECT_EQ(header_of(response, "Retry-After"), "5");
  }
  EXPECT_THAT(requests, IsEmpty());
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_EQ(dropped(DropReason::turn_budget), 5u);
}

TEST_F(EngineOverload, handles_what_belongs_to_a_transaction_all_the_same) {
  receive(request_text("INVITE", 1));
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 486}));
  take_outputs();
  (void)take_only_sent();
  turn_away(request_text("INVITE", 1));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 486 "));
  turn_away(request_text("ACK", 1));
  EXPECT_THAT(take_sent(), IsEmpty());
  turn_away(request_text("ACK", 2));  // for a 2xx
  EXPECT_THAT(requests, SizeIs(2));
  receive(request_text("OPTIONS", 3));  // and afterwards all is as it was
  EXPECT_THAT(requests, SizeIs(3));
}

class EngineWithSources : public EngineOverload {
 protected:
  EngineWithSources()
      : EngineOverload({.source_rate = 100, .source_burst = 5, .source_transactions = 3}) {}
};

TEST_F(EngineWithSources, refuses_what_is_over_a_source_s_transactions_until_they_end) {
  for (int i = 0; i < 4; ++i) receive(request_text("OPTIONS", i));
  EXPECT_THAT(requests, SizeIs(3));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 503 "));
  EXPECT_EQ(dropped(DropReason::source_transactions), 1u);
  receive(request_text("OPTIONS", 9), address("192.0.2.2", 5060));
  EXPECT_THAT(requests, SizeIs(4));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(engine.respond(now, requests[static_cast<std::size_t>(i)], {.status = 200}));
    take_outputs();
  }
  advance(seconds(33));  // timer J
  receive(request_text("OPTIONS", 5));
  EXPECT_THAT(requests, SizeIs(5));
}

TEST_F(EngineWithSources, counts_a_request_that_is_given_up_once) {
  engine.fail_nth_transaction(1);
  receive(request_text("OPTIONS", 0));
  (void)take_sent();
  now += seconds(1);
  for (int i = 1; i < 4; ++i) receive(request_text("OPTIONS", i));
  EXPECT_THAT(requests, SizeIs(3));
}

TEST_F(EngineWithSources, answers_a_flood_from_one_source_sparingly) {
  for (int i = 0; i < 500; ++i) {
    receive(request_text("OPTIONS", i));
    if (!requests.empty()) (void)engine.respond(now, requests.back(), {.status = 200});
    take_outputs();
  }
  EXPECT_THAT(requests, SizeIs(3));
  EXPECT_LE(take_sent().size(), 3u + 5u);
  receive(request_text("BYE", 1, ";tag=b"));  // what is in a dialog gets through
  EXPECT_THAT(requests, SizeIs(4));
}

class EnginePoolByPriority : public EngineOverload {
 protected:
  EnginePoolByPriority() : EngineOverload({.pool_by_priority = true}) {}
};

TEST_F(EnginePoolByPriority, keeps_the_last_slots_for_what_matters_more) {
  for (int i = 0; i < 70; ++i) receive(request_text("REGISTER", i));
  EXPECT_EQ(engine.transactions_alive(), 60u);
  for (int i = 100; i < 110; ++i) receive(request_text("INVITE", i));
  EXPECT_EQ(engine.transactions_alive(), 62u);
  for (int i = 200; i < 210; ++i) receive(request_text("BYE", i, ";tag=b"));
  EXPECT_EQ(engine.transactions_alive(), 64u);
  EXPECT_EQ(dropped(DropReason::overload), 10u + 8u + 8u);
}

class EngineAdvertises : public EngineOverload {
 protected:
  EngineAdvertises() : EngineOverload({.advertise = true}) { now = Instant(seconds(20)); }
  void overload() {
    for (int i = 0; i < 26; ++i) {
      now += milliseconds(20);
      engine.turn_ended(now, {.requests = 100, .served = 50});
    }
  }
  static constexpr std::string_view asks = ";rport;oc;oc-algo=\"loss,rate\"";
};

TEST_F(EngineAdvertises, answers_a_client_that_asks_even_without_overload) {
  receive(request_text("OPTIONS", 1, "", asks));
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 200}));
  take_outputs();
  EXPECT_EQ(header_of(take_only_sent(), "Via"),
            "SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK-1;rport=5062;oc=0;oc-validity=0;"
            "oc-seq=0.00000;oc-algo=\"loss\";received=192.0.2.1");
}

TEST_F(EngineAdvertises, tells_a_client_that_asks_what_to_leave_out) {
  overload();
  receive(request_text("INVITE", 1, "", asks));
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 180}));
  take_outputs();
  const std::string at_once = header_of(take_only_sent(), "Via");
  EXPECT_THAT(at_once, HasSubstr(";oc=75;oc-validity=500;oc-seq=20.5"));
  EXPECT_THAT(at_once, HasSubstr(";oc-algo=\"loss\""));
  // Later, from the copy that was kept: the same, and what goes then is of then.
  arrived = PaddedText("");
  receive("\r\n\r\n");
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 183}));
  take_outputs();
  EXPECT_EQ(header_of(take_only_sent(), "Via"), at_once);
  now += seconds(5);
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 200}));
  take_outputs();
  EXPECT_THAT(header_of(take_only_sent(), "Via"), HasSubstr(";oc=0;oc-validity=0;"));
}

TEST_F(EngineAdvertises, says_nothing_to_a_client_that_does_not_ask) {
  overload();
  receive(request_text("OPTIONS", 1));
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 200}));
  take_outputs();
  EXPECT_THAT(take_only_sent(), Not(HasSubstr("oc")));
}

TEST_F(EngineAdvertises, refuses_without_a_time_to_come_back) {
  overload();
  turn_away(request_text("INVITE", 1, "", asks));
  turn_away(request_text("INVITE", 2));
  const auto texts = take_sent();
  ASSERT_THAT(texts, SizeIs(2));
  EXPECT_THAT(texts[0], HasSubstr(";oc=75;"));
  for (const std::string& text : texts) {
    EXPECT_THAT(text, StartsWith("SIP/2.0 503 "));
    EXPECT_THAT(text, Not(HasSubstr("Retry-After")));
  }
}

class EngineHonours : public EngineOverload {
 protected:
  EngineHonours() : EngineOverload({.honour = true}) {}
  std::expected<Handle<Transaction>, SendError> send(std::string_view method,
                                                     std::string_view to_tag = "") {
    const std::string to = "<sip:b@example.com>" + std::string(to_tag);
    const std::string cseq = "1 " + std::string(method);
    const HeaderLine headers[] = {
        {"From", "<sip:a@example.com>;tag=a"}, {"To", to}, {"Call-ID", "1"}, {"CSeq", cseq}};
    const auto sent_or_not = engine.send(now, {.method = method,
                                               .request_uri = "sip:b@192.0.2.9",
                                               .headers = headers,
                                               .destination = address("192.0.2.9", 5060),
                                               .sent_by = "192.0.2.1"});
    take_outputs();
    return sent_or_not;
  }
  // As a server would that asks for a loss.
  void answer(std::string_view request, std::string_view control) {
    const std::string via = header_of(std::string(request), "Via");
    const std::string told =
        replaced(replaced(via, ";oc;", ";" + std::string(control) + ";"), "loss,rate", "loss");
    receive("SIP/2.0 200 OK\r\nVia: " + told +
            "\r\nFrom: <sip:a@example.com>;tag=a\r\nTo: <sip:b@example.com>;tag=b\r\n"
            "Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");
  }
};

TEST_F(EngineHonours, asks_every_hop_for_its_wishes) {
  ASSERT_TRUE(send("OPTIONS"));
  EXPECT_THAT(header_of(take_only_sent(), "Via"), HasSubstr(";rport;oc;oc-algo=\"loss,rate\""));
}

TEST_F(EngineHonours, does_not_send_what_the_next_hop_cannot_take) {
  ASSERT_TRUE(send("OPTIONS"));
  answer(take_only_sent(), "oc=100;oc-validity=1000;oc-seq=1.5");
  ASSERT_EQ(responses, std::vector<int>{200});
  for (const char* method : {"OPTIONS", "INVITE", "REGISTER"}) {
    const auto refused = send(method);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), SendError::overloaded_peer);
  }
  EXPECT_THAT(take_sent(), IsEmpty());
  advance(seconds(1));
  EXPECT_TRUE(send("OPTIONS"));
}

}  // namespace
}  // namespace sipring::test
