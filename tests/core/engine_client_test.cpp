// The engine as a client: RFC 3261 sections 8.1, 9.1, 17.1; RFC 6026.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header_block.h>

#include <gmock/gmock.h>

#include "tests/support/engine_client_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

using EngineClient = EngineClientFixture;

TEST_F(EngineClient, writes_via_max_forwards_and_content_length_itself) {
  send("OPTIONS");
  const std::string request = take_only_sent();
  EXPECT_EQ(first_line(request), "OPTIONS sip:bob@192.0.2.9 SIP/2.0");
  EXPECT_THAT(header_of(request, "Via"), StartsWith("SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK"));
  EXPECT_EQ(header_of(request, "Max-Forwards"), "70");
  EXPECT_EQ(header_of(request, "Content-Length"), "0");
}

// A Contact's <sip:b@c;x="y z"> is taken, and is the target of the requests that follow.
TEST_F(EngineClient, escapes_white_space_of_a_quoted_string_in_the_request_uri) {
  const HeaderLine headers[] = {
      {"From", "<sip:a@b>;tag=1"}, {"To", "<sip:b@c>"}, {"i", "x"}, {"CSeq", "1 OPTIONS"}};
  Request request{.method = "OPTIONS",
                  .request_uri = "sip:b@c;x=\"y z\t\"",
                  .headers = headers,
                  .destination = server,
                  .sent_by = "192.0.2.1"};
  ASSERT_TRUE(engine.send(now, request));
  take_outputs();
  EXPECT_EQ(first_line(take_only_sent()), "OPTIONS sip:b@c;x=\"y%20z%09\" SIP/2.0");
  for (const std::string_view none : {"sip:b c", "sip:b@c;x=y z", "sip:b@c SIP/2.0", " ", "\t"}) {
    request.request_uri = none;
    EXPECT_FALSE(engine.send(now, request)) << none;
  }
}

TEST_F(EngineClient, refuses_a_request_without_its_mandatory_headers) {
  const HeaderLine headers[] = {{"From", "<sip:a@b>;tag=1"}, {"To", "<sip:b@c>"}, {"i", "x"}};
  const Request request{
      .method = "OPTIONS", .request_uri = "sip:b@c", .headers = headers, .sent_by = "192.0.2.1"};
  EXPECT_EQ(engine.send(now, request).error(), SendError::missing_header);
}

TEST_F(EngineClient, retransmits_an_invite_with_doubling_intervals_until_timer_b) {
  const Handle<Transaction> handle = send("INVITE");
  (void)take_sent();
  std::vector<long> at_ms;
  while (timed_out.empty()) {
    advance_to(engine.next_deadline());
    if (!take_sent().empty()) {
      at_ms.push_back(std::chrono::duration_cast<milliseconds>(now - Instant{}).count() / 50 * 50);
    }
  }
  EXPECT_THAT(at_ms, ElementsAre(500, 1500, 3500, 7500, 15500, 31500));
  EXPECT_THAT(timed_out, ElementsAre(handle));
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_EQ(engine.buffers().size(), 0u);
}

TEST_F(EngineClient, retransmits_a_non_invite_with_intervals_up_to_t2) {
  send("OPTIONS");
  (void)take_sent();
  std::vector<long> at_ms;
  while (timed_out.empty()) {
    advance_to(engine.next_deadline());
    if (!take_sent().empty()) {
      at_ms.push_back(std::chrono::duration_cast<milliseconds>(now - Instant{}).count() / 100 *
                      100);
    }
  }
  EXPECT_THAT(at_ms, ElementsAre(500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500));
}

TEST_F(EngineClient, stops_retransmitting_an_invite_after_a_provisional) {
  send("INVITE");
  const std::string request = take_only_sent();
  receive(response_to(request, "180 Ringing"));
  advance(seconds(60));
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_THAT(timed_out, IsEmpty());
  EXPECT_THAT(responses, ElementsAre(180));
}

TEST_F(EngineClient, acknowledges_a_failure_with_the_invites_via_routes_and_the_responses_to) {
  send("INVITE");
  const std::string request = take_only_sent();
  receive(response_to(request, "486 Busy Here"));
  const std::string ack = take_only_sent();
  EXPECT_EQ(first_line(ack), "ACK sip:bob@192.0.2.9 SIP/2.0");
  EXPECT_EQ(header_of(ack, "Via"), header_of(request, "Via"));
  EXPECT_EQ(header_of(ack, "To"), "<sip:bob@example.com>;tag=b1");
  EXPECT_EQ(header_of(ack, "From"), header_of(request, "From"));
  EXPECT_EQ(header_of(ack, "Call-ID"), "c1");
  EXPECT_EQ(header_of(ack, "CSeq"), "1 ACK");
  EXPECT_EQ(header_of(ack, "Route"), "<sip:edge.example.com;lr>");
  receive(response_to(request, "486 Busy Here"));
  EXPECT_EQ(take_only_sent(), ack);
  EXPECT_THAT(responses, ElementsAre(486));
  advance(seconds(33));
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_EQ(engine.buffers().size(), 0u);
}

TEST_F(EngineClient, passes_every_2xx_up_until_timer_m) {
  send("INVITE");
  const std::string request = take_only_sent();
  receive(response_to(request, "200 OK"));
  receive(response_to(request, "200 OK"));
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_THAT(responses, ElementsAre(200, 200));
  advance(seconds(33));
  receive(response_to(request, "200 OK"));
  EXPECT_THAT(responses, SizeIs(2));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(EngineClient, absorbs_retransmitted_final_responses_until_timer_k) {
  send("OPTIONS");
  const std::string request = take_only_sent();
  receive(response_to(request, "200 OK"));
  receive(response_to(request, "200 OK"));
  EXPECT_THAT(responses, ElementsAre(200));
  advance(milliseconds(5100));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(EngineClient, takes_a_response_for_its_own_only_with_branch_and_method) {
  send("OPTIONS");
  const std::string request = take_only_sent();
  receive(replaced(response_to(request, "200 OK"), "1 OPTIONS", "1 REGISTER"));
  receive(replaced(response_to(request, "200 OK"), "z9hG4bK", "z9hG4bKx"));
  EXPECT_THAT(responses, IsEmpty());
  Counters counters = engine.counters();
  EXPECT_EQ(counters[DropReason::stray_response], 2u);
}

TEST_F(EngineClient, holds_a_cancel_until_a_provisional_has_come) {
  const Handle<Transaction> invite = send("INVITE");
  const std::string request = take_only_sent();
  ASSERT_TRUE(engine.cancel(now, invite));
  take_outputs();
  EXPECT_THAT(sent, IsEmpty());
  receive(response_to(request, "180 Ringing"));
  const std::string cancel = take_only_sent();
  EXPECT_EQ(first_line(cancel), "CANCEL sip:bob@192.0.2.9 SIP/2.0");
  EXPECT_EQ(header_of(cancel, "Via"), header_of(request, "Via"));
  EXPECT_EQ(header_of(cancel, "CSeq"), "1 CANCEL");
  EXPECT_EQ(header_of(cancel, "To"), header_of(request, "To"));
  EXPECT_EQ(header_of(cancel, "Route"), "<sip:edge.example.com;lr>");

  receive(response_to(cancel, "200 OK"));  // not for the user
  receive(response_to(request, "487 Request Terminated"));
  EXPECT_THAT(responses, ElementsAre(180, 487));
  EXPECT_THAT(take_only_sent(), StartsWith("ACK "));
}

TEST_F(EngineClient, gives_a_cancelled_invite_64_t1_to_end) {
  const Handle<Transaction> invite = send("INVITE");
  receive(response_to(take_only_sent(), "180 Ringing"));
  ASSERT_TRUE(engine.cancel(now, invite));
  take_outputs();
  advance(seconds(33));
  EXPECT_THAT(timed_out, ElementsAre(invite));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(EngineClient, ends_an_invite_whose_cancel_finds_no_room) {
  const Handle<Transaction> invite = send("INVITE");
  receive(response_to(take_only_sent(), "180 Ringing"));
  engine.fail_nth_transaction(1);
  EXPECT_EQ(engine.cancel(now, invite).error(), SendError::no_transactions);
  take_outputs();
  EXPECT_THAT(sent, IsEmpty());
  advance(seconds(33));
  EXPECT_THAT(timed_out, ElementsAre(invite));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(EngineClient, refuses_to_cancel_after_the_final_response) {
  const Handle<Transaction> invite = send("INVITE");
  receive(response_to(take_only_sent(), "200 OK"));
  EXPECT_EQ(engine.cancel(now, invite).error(), SendError::wrong_state);
}

TEST_F(EngineClient, reports_what_the_transport_could_not_deliver_from_the_start_of_the_message) {
  const Handle<Transaction> handle = send("OPTIONS", 99);
  const PaddedText quoted(take_only_sent().substr(0, 160));
  engine.transport_failed(now, quoted.view());
  take_outputs();
  EXPECT_THAT(failed, ElementsAre(handle));
  EXPECT_THAT(terminated, ElementsAre(handle));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(EngineClient, sends_the_ack_for_a_2xx_without_a_transaction) {
  const HeaderLine headers[] = {
      {"From", "<sip:a@b>;tag=1"}, {"To", "<sip:b@c>;tag=2"}, {"Call-ID", "x"}, {"CSeq", "1 ACK"}};
  ASSERT_TRUE(engine.send_stateless({.method = "ACK",
                                     .request_uri = "sip:b@c",
                                     .headers = headers,
                                     .destination = address("192.0.2.9", 5060),
                                     .sent_by = "192.0.2.1"}));
  take_outputs();
  EXPECT_THAT(take_only_sent(), StartsWith("ACK sip:b@c SIP/2.0\r\n"));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

// Section 13.2.2.4: whenever the 2xx comes again.
TEST_F(EngineClient, sends_the_ack_for_a_2xx_again_octet_for_octet) {
  const HeaderLine headers[] = {
      {"From", "<sip:a@b>;tag=1"}, {"To", "<sip:b@c>;tag=2"}, {"Call-ID", "x"}, {"CSeq", "1 ACK"}};
  const auto ack = engine.send_stateless({.method = "ACK",
                                          .request_uri = "sip:b@c",
                                          .headers = headers,
                                          .destination = address("192.0.2.9", 5060),
                                          .flow = Flow::of_listener(4),
                                          .sent_by = "192.0.2.1"});
  ASSERT_TRUE(ack);
  take_outputs();
  const Sent first = sent.back();
  ASSERT_TRUE(engine.send_again(*ack));
  take_outputs();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent.back().text, first.text);
  EXPECT_EQ(sent.back().destination, first.destination);
  EXPECT_EQ(sent.back().lane, first.lane);
  EXPECT_EQ(ack->flow, Flow::of_listener(4));
  EXPECT_EQ(engine.counters().retransmissions_sent, 1u);
}

TEST_F(EngineClient, writes_a_block_of_lines_that_was_checked_once) {
  const HeaderLine prepared[] = {{"Max-Forwards", "20"}, {"Supported", "timer"}};
  const HeaderBlock block(prepared);
  const HeaderLine headers[] = {
      {"From", "<sip:a@b>;tag=1"}, {"To", "<sip:b@c>"}, {"Call-ID", "x"}, {"CSeq", "1 OPTIONS"}};
  ASSERT_TRUE(engine.send(now, {.method = "OPTIONS",
                                .request_uri = "sip:b@c",
                                .headers = headers,
                                .block = &block,
                                .destination = address("192.0.2.9", 5060),
                                .sent_by = "192.0.2.1"}));
  take_outputs();
  EXPECT_THAT(take_only_sent(),
              ::testing::EndsWith("\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 20\r\n"
                                  "Supported: timer\r\nContent-Length: 0\r\n\r\n"));
}

TEST_F(EngineClient, never_sheds_silently_when_the_pool_is_used_up) {
  for (int i = 0; i < 63; ++i) send("OPTIONS");
  HeaderLine headers[] = {
      {"From", "<sip:a@b>;tag=1"}, {"To", "<sip:b@c>"}, {"Call-ID", "x"}, {"CSeq", "1 OPTIONS"}};
  const Request request{
      .method = "OPTIONS", .request_uri = "sip:b@c", .headers = headers, .sent_by = "192.0.2.1"};
  EXPECT_EQ(engine.send(now, request).error(), SendError::no_transactions);
  headers[1].value = "<sip:b@c>;tag=2";  // the last slot is for a request within a dialog
  EXPECT_TRUE(engine.send(now, request));
  EXPECT_EQ(engine.send(now, request).error(), SendError::no_transactions);
}

// RFC 5923 section 8.1.
class ReusingClient : public EngineClientFixture {
 protected:
  static Settings reusing() {
    Settings settings = small_settings();
    settings.flows.reuses_connections = true;
    return settings;
  }
  ReusingClient() : EngineClientFixture(reusing()) {}
};

TEST_F(ReusingClient, says_over_tls_that_its_connection_is_for_both_directions) {
  for (const Transport transport :
       {Transport::udp, Transport::tcp, Transport::tls, Transport::wss}) {
    server.transport = transport;
    send("OPTIONS");
    const std::string via = header_of(take_only_sent(), "Via");
    EXPECT_EQ(via.ends_with(";alias"), transport == Transport::tls) << via;
  }
}

// RFC 6223 section 4.3.
class KeepingClient : public EngineClientFixture {
 protected:
  static Settings keeping() {
    Settings settings = small_settings();
    settings.flows.offers_keep_alives = true;
    return settings;
  }
  KeepingClient() : EngineClientFixture(keeping()) {}
};

TEST_F(KeepingClient, offers_keep_alives_for_what_begins_a_dialog_or_a_registration) {
  for (const std::string_view method : {"INVITE", "REGISTER", "SUBSCRIBE", "OPTIONS", "MESSAGE"}) {
    send(method);
    const std::string via = header_of(take_only_sent(), "Via");
    EXPECT_EQ(via.ends_with(";keep"), method != "OPTIONS" && method != "MESSAGE") << via;
  }
  const HeaderLine headers[] = {
      {"From", "<sip:a@b>;tag=1"}, {"To", "<sip:b@c>;tag=2"}, {"i", "x"}, {"CSeq", "2 INVITE"}};
  ASSERT_TRUE(engine.send(now, {.method = "INVITE",
                                .request_uri = "sip:b@c",
                                .headers = headers,
                                .destination = server,
                                .sent_by = "192.0.2.1"}));
  take_outputs();
  EXPECT_FALSE(header_of(take_only_sent(), "Via").ends_with(";keep")) << "it was agreed on before";
}

}  // namespace
}  // namespace sipring::test
