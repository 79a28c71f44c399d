// The engine as a server: RFC 3261 sections 8.2, 9.2, 17.2, 18.2; RFC 3581; RFC 4320; RFC 6026.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header_block.h>

#include <gmock/gmock.h>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class EngineServer : public EngineServerFixture {
 protected:
  // As many as the pool holds but for what is reserved; their branches end in x0, x1 ...
  static constexpr int for_anybody = 63;
  void fill_up() {
    for (int i = 0; i < for_anybody; ++i) {
      receive(replaced(invite, "z9hG4bK1", "z9hG4bKx" + std::to_string(i)));
    }
  }
};

TEST_F(EngineServer, keeps_to_itself_what_becomes_of_a_cancel) {
  receive(invite);
  receive(with_method("CANCEL"));
  EXPECT_THAT(cancelled, SizeIs(1));
  const PaddedText undelivered(take_only_sent());
  engine.transport_failed(now, undelivered.view());
  drain();
  EXPECT_THAT(failed, IsEmpty());
  EXPECT_EQ(engine.counters().transport_errors, 1u);
}

TEST_F(EngineServer, answers_a_cancel_when_it_comes_again_after_a_shortage) {
  receive(invite);
  engine.buffers().fail_nth_acquire(1);  // its 200
  receive(with_method("CANCEL"));
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_THAT(cancelled, IsEmpty());
  receive(with_method("CANCEL"));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 200 "));
  EXPECT_THAT(cancelled, SizeIs(1));
}

TEST_F(EngineServer, passes_a_new_request_up_once_and_absorbs_its_retransmissions) {
  receive(with_method("OPTIONS"));
  receive(with_method("OPTIONS"));
  EXPECT_THAT(request_lines, ElementsAre("OPTIONS sip:bob@192.0.2.9"));
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_EQ(engine.counters().retransmissions_received, 1u);
}

TEST_F(EngineServer, answers_with_the_fields_that_section_8_2_6_2_copies_and_a_tag) {
  receive(invite);
  ASSERT_TRUE(answer(180));
  const std::string response = take_only_sent();
  EXPECT_EQ(first_line(response), "SIP/2.0 180 Ringing");
  EXPECT_EQ(header_of(response, "Via"),
            "SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1;rport=5062;received=192.0.2.1");
  EXPECT_EQ(header_of(response, "From"), "Alice <sip:alice@example.com>;tag=a1");
  EXPECT_THAT(header_of(response, "To"), StartsWith("Bob <sip:bob@example.com>;tag="));
  EXPECT_EQ(header_of(response, "Call-ID"), "c1@192.0.2.1");
  EXPECT_EQ(header_of(response, "CSeq"), "7 INVITE");
  EXPECT_EQ(header_of(response, "Record-Route"), "<sip:proxy.example.com;lr>");
  EXPECT_EQ(header_of(response, "Content-Length"), "0");
  EXPECT_THAT(response, ::testing::EndsWith("\r\n\r\n"));
}

TEST_F(EngineServer, keeps_one_tag_for_all_responses_and_gives_none_to_a_100) {
  receive(invite);
  ASSERT_TRUE(answer(100));
  ASSERT_TRUE(answer(180));
  ASSERT_TRUE(answer(200));
  const auto texts = take_sent();
  ASSERT_THAT(texts, SizeIs(3));
  EXPECT_EQ(header_of(texts[0], "To"), "Bob <sip:bob@example.com>");
  EXPECT_EQ(header_of(texts[1], "To"), header_of(texts[2], "To"));
}

TEST_F(EngineServer, does_not_replace_a_tag_that_the_request_has) {
  receive(replaced(invite, "<sip:bob@example.com>", "<sip:bob@example.com>;tag=b9"));
  ASSERT_TRUE(answer(200));
  EXPECT_EQ(header_of(take_only_sent(), "To"), "Bob <sip:bob@example.com>;tag=b9");
}

// Later means: the octets of the request are gone, the kept copy is what there is.
TEST_F(EngineServer, answers_later_just_as_at_once) {
  receive(invite);
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 180}));
  drain();
  const std::string at_once = take_only_sent();
  arrived = PaddedText("");
  receive("\r\n\r\n");
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 180}));
  drain();
  EXPECT_EQ(take_only_sent(), at_once);
}

TEST_F(EngineServer, resends_the_last_response_for_a_retransmitted_request) {
  receive(invite);
  ASSERT_TRUE(answer(180));
  const std::string ringing = take_only_sent();
  receive(invite);
  EXPECT_EQ(take_only_sent(), ringing);
}

TEST_F(EngineServer, says_trying_for_a_silent_user_within_200_ms) {
  receive(invite);
  advance(milliseconds(199));
  EXPECT_THAT(sent, IsEmpty());
  advance(milliseconds(10));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 100 Trying");
}

TEST_F(EngineServer, says_nothing_when_the_user_has_already_answered_provisionally) {
  receive(invite);
  ASSERT_TRUE(answer(180));
  (void)take_sent();
  advance(seconds(1));
  EXPECT_THAT(sent, IsEmpty());
}

TEST_F(EngineServer, retransmits_a_final_non_2xx_until_the_ack_with_intervals_doubling_to_t2) {
  receive(invite);
  ASSERT_TRUE(answer(486));
  (void)take_sent();
  std::vector<long> at_ms;
  const Instant start = now;
  while (now < start + seconds(16)) {
    advance_to(std::min(engine.next_deadline(), start + seconds(16)));
    for (std::size_t i = 0; i < take_sent().size(); ++i) {
      at_ms.push_back(std::chrono::duration_cast<milliseconds>(now - start).count() / 50 * 50);
    }
  }
  EXPECT_THAT(at_ms, ElementsAre(500, 1500, 3500, 7500, 11500, 15500));
  receive(ack());
  (void)take_sent();
  advance(seconds(20));
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_EQ(engine.buffers().size(), 0u);
}

TEST_F(EngineServer, reports_timer_h_when_the_ack_never_comes) {
  receive(invite);
  ASSERT_TRUE(answer(486));
  advance(seconds(33));
  EXPECT_THAT(timed_out, ElementsAre(requests[0]));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(EngineServer, leaves_the_retransmission_of_a_2xx_to_the_user) {
  receive(invite);
  ASSERT_TRUE(answer(200));
  const std::string ok = take_only_sent();
  advance(seconds(5));
  receive(invite);
  EXPECT_THAT(sent, IsEmpty());
  ASSERT_TRUE(engine.repeat_response(now, requests[0]));
  drain();
  EXPECT_EQ(take_only_sent(), ok);
}

TEST_F(EngineServer, passes_the_ack_for_a_2xx_up) {
  receive(invite);
  ASSERT_TRUE(answer(200));
  receive(replaced(ack(), "z9hG4bK1", "z9hG4bK2"));  // a transaction of its own
  EXPECT_EQ(request_lines.back(), "ACK sip:bob@192.0.2.9");
  EXPECT_FALSE(requests.back());
  receive(ack());  // some clients reuse the branch
  EXPECT_THAT(requests, SizeIs(3));
}

TEST_F(EngineServer, ends_an_accepted_invite_by_timer_l) {
  receive(invite);
  ASSERT_TRUE(answer(200));
  advance(seconds(31));
  EXPECT_EQ(engine.transactions_alive(), 1u);
  advance(seconds(2));
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_THAT(timed_out, IsEmpty());
}

TEST_F(EngineServer, answers_a_cancel_and_tells_the_user_of_the_invite) {
  receive(invite);
  ASSERT_TRUE(answer(180));
  const std::string tag_of_invite = header_of(take_only_sent(), "To");
  receive(with_method("CANCEL"));
  const std::string ok = take_only_sent();
  EXPECT_EQ(first_line(ok), "SIP/2.0 200 OK");
  EXPECT_EQ(header_of(ok, "CSeq"), "7 CANCEL");
  EXPECT_EQ(header_of(ok, "To"), tag_of_invite);
  EXPECT_THAT(cancelled, ElementsAre(requests[0]));
  ASSERT_TRUE(answer(487));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 487 Request Terminated");
}

TEST_F(EngineServer, answers_a_cancel_with_the_tag_that_the_user_gave_the_invite) {
  receive(invite);
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 180, .to_tag = "mine"}));
  drain();
  (void)take_sent();
  receive(with_method("CANCEL"));
  EXPECT_EQ(header_of(take_only_sent(), "To"), "Bob <sip:bob@example.com>;tag=mine");
}

TEST_F(EngineServer, writes_a_prepared_block_behind_the_other_lines) {
  const HeaderLine prepared[] = {{"Allow", "INVITE"}};
  const HeaderBlock block(prepared);
  const HeaderLine lines[] = {{"Contact", "<sip:bob@192.0.2.9>"}};
  receive(invite);
  ASSERT_TRUE(engine.respond(now, requests[0], {.headers = lines, .block = &block}));
  drain();
  EXPECT_THAT(take_only_sent(), HasSubstr("Contact: <sip:bob@192.0.2.9>\r\nAllow: INVITE\r\n"));
}

TEST_F(EngineServer, ignores_a_cancel_after_the_final_response) {
  receive(invite);
  ASSERT_TRUE(answer(200));
  (void)take_sent();
  receive(with_method("CANCEL"));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 200 OK");
  EXPECT_THAT(cancelled, IsEmpty());
}

TEST_F(EngineServer, answers_481_to_a_cancel_of_nothing) {
  receive(with_method("CANCEL"));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 481 Call/Transaction Does Not Exist");
  EXPECT_THAT(requests, IsEmpty());
}

TEST_F(EngineServer, refuses_a_second_final_response) {
  receive(with_method("OPTIONS"));
  ASSERT_TRUE(answer(200));
  EXPECT_EQ(answer(404).error(), SendError::wrong_state);
  EXPECT_THAT(sent, SizeIs(1));
}

TEST_F(EngineServer, never_sends_a_provisional_or_a_408_for_a_non_invite_request) {
  receive(with_method("OPTIONS"));
  EXPECT_EQ(answer(180).error(), SendError::forbidden_status);
  EXPECT_EQ(answer(408).error(), SendError::forbidden_status);
  EXPECT_TRUE(answer(100));
}

TEST_F(EngineServer, says_100_for_a_silent_non_invite_user_when_timer_e_has_reached_t2) {
  receive(with_method("OPTIONS"));
  advance(milliseconds(3490));
  EXPECT_THAT(sent, IsEmpty());
  advance(milliseconds(20));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 100 Trying");
}

TEST_F(EngineServer, forgets_a_non_invite_request_that_is_never_answered) {
  receive(with_method("OPTIONS"));
  advance(seconds(33));
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_THAT(timed_out, ElementsAre(requests[0]));
  EXPECT_EQ(answer(200).error(), SendError::stale_transaction);
}

TEST_F(EngineServer, keeps_a_final_response_for_retransmissions_until_timer_j) {
  receive(with_method("OPTIONS"));
  ASSERT_TRUE(answer(200));
  const std::string ok = take_only_sent();
  advance(seconds(31));
  receive(with_method("OPTIONS"));
  EXPECT_EQ(take_only_sent(), ok);
  advance(seconds(2));
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_EQ(engine.buffers().size(), 0u);
}

TEST_F(EngineServer, refuses_headers_that_would_smuggle_in_others) {
  receive(invite);
  const HeaderLine evil[] = {{"Subject", "a\r\nX-Evil: yes"}};
  EXPECT_EQ(engine.respond(now, requests[0], {.headers = evil}).error(),
            SendError::malformed_header);
  EXPECT_EQ(engine.respond(now, requests[0], {.reason = "a\nb"}).error(),
            SendError::malformed_header);
  EXPECT_EQ(engine.respond(now, requests[0], {.status = 99}).error(), SendError::malformed_header);
}

// ---- Where responses go ----

TEST_F(EngineServer, sends_to_the_source_port_only_where_rport_asks_for_it) {
  receive(replaced(invite, ";rport", ""), address("192.0.2.1", 40000));
  ASSERT_TRUE(answer(200));
  EXPECT_EQ(sent[0].destination, address("192.0.2.1", 5062));
  receive(replaced(invite, "z9hG4bK1", "z9hG4bK2"), address("192.0.2.1", 40000));
  ASSERT_TRUE(answer(200));
  EXPECT_EQ(sent[1].destination, address("192.0.2.1", 40000));
  EXPECT_THAT(sent[1].text, HasSubstr(";rport=40000;received=192.0.2.1\r\n"));
}

TEST_F(EngineServer, adds_received_when_the_sent_by_is_another_host) {
  const std::string named =
      replaced(invite, "192.0.2.1:5062;branch=z9hG4bK1;rport", "pc33.example.com;branch=z9hG4bK1");
  receive(named, address("198.51.100.4", 40000));
  ASSERT_TRUE(answer(200));
  EXPECT_EQ(header_of(sent[0].text, "Via"),
            "SIP/2.0/UDP pc33.example.com;branch=z9hG4bK1;received=198.51.100.4");
  EXPECT_EQ(sent[0].destination, address("198.51.100.4", 5060));
}

TEST_F(EngineServer, replaces_a_received_that_the_client_made_up) {
  receive(replaced(invite, ";rport", ";received=203.0.113.99;rport=1"));
  ASSERT_TRUE(answer(200));
  EXPECT_EQ(header_of(sent[0].text, "Via"),
            "SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1;received=192.0.2.1;rport=5062");
}

// ---- Matching ----

TEST_F(EngineServer, takes_another_sent_by_for_another_transaction) {
  receive(with_method("OPTIONS"));
  receive(replaced(with_method("OPTIONS"), "192.0.2.1:5062;branch", "192.0.2.1:5063;branch"));
  EXPECT_THAT(requests, SizeIs(2));
}

TEST_F(EngineServer, matches_branch_and_host_without_regard_to_case) {
  receive(replaced(with_method("OPTIONS"), "z9hG4bK1", "z9hG4bKabc"));
  receive(replaced(with_method("OPTIONS"), "z9hG4bK1", "z9hG4bKABC"));
  EXPECT_THAT(requests, SizeIs(1));
}

TEST_F(EngineServer, matches_by_the_rules_of_rfc_2543_without_the_magic_cookie) {
  const std::string old = replaced(invite, "branch=z9hG4bK1", "branch=1");
  receive(old);
  receive(old);
  EXPECT_THAT(requests, SizeIs(1));
  receive(replaced(old, "CSeq: 7", "CSeq: 8"));
  EXPECT_THAT(requests, SizeIs(2));
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 486}));
  drain();
  (void)take_sent();
  const std::string ack_2543 =
      replaced(replaced(old, "INVITE sip", "ACK sip"), "7 INVITE", "7 ACK");
  receive(ack_2543);
  advance(seconds(3));
  EXPECT_THAT(requests, SizeIs(2));
  for (const std::string& text : take_sent()) EXPECT_THAT(text, ::testing::Not(HasSubstr("486")));
}

// ---- Bad input ----

TEST_F(EngineServer, answers_400_naming_the_header_that_is_missing_malformed_or_repeated) {
  receive(replaced(invite, "Call-ID: c1@192.0.2.1\r\n", ""));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 400 Missing Call-ID Header Field");
  receive(replaced(invite, "CSeq: 7 INVITE", "CSeq: seven INVITE"));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 400 Malformed CSeq Header Field");
  receive(replaced(invite, "CSeq: 7 INVITE", "CSeq: 7 INVITE\r\nCSeq: 8 INVITE"));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 400 Repeated CSeq Header Field");
  receive(replaced(invite, "7 INVITE", "7 OPTIONS"));
  EXPECT_THAT(first_line(take_only_sent()), StartsWith("SIP/2.0 400 "));
  EXPECT_THAT(requests, IsEmpty());
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

TEST_F(EngineServer, answers_505_to_another_version) {
  receive(replaced(invite, "SIP/2.0\r\nVia", "SIP/7.0\r\nVia"));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 505 Version Not Supported");
}

TEST_F(EngineServer, answers_400_when_the_body_is_shorter_than_content_length_says) {
  receive(replaced(invite, "Content-Length: 0", "Content-Length: 10"));
  EXPECT_THAT(first_line(take_only_sent()), StartsWith("SIP/2.0 400 "));
}

TEST_F(EngineServer, never_answers_an_ack_however_bad_it_is) {
  receive(replaced(ack(), "Call-ID: c1@192.0.2.1\r\n", ""));
  EXPECT_THAT(sent, IsEmpty());
}

TEST_F(EngineServer, counts_what_it_cannot_answer_by_reason) {
  receive("hello");
  receive("\r\n\r\n");
  receive(
      sip("\nSIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKnone\n"
          "From: <sip:a@b>;tag=1\nTo: <sip:a@b>;tag=2\nCall-ID: x\nCSeq: 1 OPTIONS\n"
          "Content-Length: 0\n\n"));
  Counters counters = engine.counters();
  EXPECT_EQ(counters[DropReason::malformed], 1u);
  EXPECT_EQ(counters[DropReason::keep_alive], 1u);
  EXPECT_EQ(counters[DropReason::stray_response], 1u);
  EXPECT_THAT(sent, IsEmpty());
}

// ---- Exhaustion ----

TEST_F(EngineServer,
       sheds_with_503_and_retry_after_when_the_pool_is_full_and_existing_calls_finish) {
  fill_up();
  receive(replaced(invite, "z9hG4bK1", "z9hG4bKlate"));
  const std::string shed = take_sent().back();
  EXPECT_EQ(first_line(shed), "SIP/2.0 503 Service Unavailable");
  EXPECT_EQ(header_of(shed, "Retry-After"), "5");
  EXPECT_THAT(requests, SizeIs(for_anybody));
  for (const Handle<Transaction> request : requests) {
    EXPECT_TRUE(engine.respond(now, request, {.status = 486}));
    drain();
  }
  EXPECT_THAT(take_sent(), SizeIs(for_anybody));
}

TEST_F(EngineServer, keeps_its_last_slots_for_requests_within_a_dialog_and_cancels) {
  fill_up();
  (void)take_sent();
  receive(replaced(with_method("CANCEL"), "z9hG4bK1", "z9hG4bKx5"));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 200 "));
  EXPECT_THAT(cancelled, ElementsAre(requests[5]));
  EXPECT_TRUE(engine.respond(now, requests[5], {.status = 487}));
  drain();
  receive(replaced(ack(), "z9hG4bK1", "z9hG4bKx5"));
  advance(seconds(6));  // timer I: the INVITE's slot is free; the CANCEL has the reserved one still
  (void)take_sent();
  receive(replaced(with_method("OPTIONS"), "z9hG4bK1", "z9hG4bKlate"));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 503 "));
  receive(replaced(replaced(with_method("BYE"), "z9hG4bK1", "z9hG4bKbye"), "example.com>\r\nCall",
                   "example.com>;tag=b1\r\nCall"));
  EXPECT_EQ(request_lines.back(), "BYE sip:bob@192.0.2.9");
}

TEST_F(EngineServer, never_copies_a_request_that_is_answered_before_its_drain_ends) {
  const PaddedText text(with_method("OPTIONS"));
  engine.buffers().fail_nth_acquire(2);  // the first is the response
  engine.receive(now, {text.view(), address("192.0.2.1", 5062), Flow{7, 1}});
  const std::optional<Output> output = engine.next_output();
  EXPECT_TRUE(engine.respond(now, std::get<RequestReceived>(*output).transaction, {}));
  drain();
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 200 "));
  EXPECT_EQ(engine.buffers().size(), 1u);
  EXPECT_EQ(engine.transactions_alive(), 1u);
}

TEST_F(EngineServer, answers_503_itself_when_the_drain_ends_and_a_request_cannot_be_kept) {
  const PaddedText text(invite);
  engine.buffers().fail_nth_acquire(1);
  engine.receive(now, {text.view(), address("192.0.2.1", 5062), Flow{7, 1}});
  const std::optional<Output> output = engine.next_output();
  const auto handle = std::get<RequestReceived>(*output).transaction;
  EXPECT_EQ(engine.request(handle)->method(), Method::invite);
  EXPECT_TRUE(engine.attach(handle, 7));
  drain();
  const std::string refused = take_only_sent();
  EXPECT_THAT(refused, StartsWith("SIP/2.0 503 "));
  EXPECT_EQ(header_of(refused, "Retry-After"), "5");
  EXPECT_THAT(header_of(refused, "Via"), HasSubstr(";received=192.0.2.1"));
  EXPECT_THAT(terminated, ElementsAre(handle));
  EXPECT_EQ(engine.request(handle), nullptr);
  EXPECT_EQ(engine.respond(now, handle, {}).error(), SendError::stale_transaction);
  EXPECT_EQ(Counters(engine.counters())[DropReason::overload], 1u);
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_EQ(engine.buffers().size(), 0u);
}

TEST_F(EngineServer, sheds_whichever_acquire_fails) {
  for (std::uint64_t nth = 1; nth < 8; ++nth) {
    engine.buffers().fail_nth_acquire(nth);
    receive(replaced(invite, "z9hG4bK1", "z9hG4bKn" + std::to_string(nth)));
    if (!requests.empty()) (void)engine.respond(now, requests.back(), {.status = 200});
    drain();
    (void)take_sent();
  }
  engine.buffers().fail_nth_acquire(0);
  advance(seconds(40));
  for (const Handle<Transaction> request : requests) {
    (void)engine.respond(now, request, {.status = 486});
    drain();
  }
  advance(seconds(40));
  EXPECT_EQ(engine.transactions_alive(), 0u);
  (void)take_sent();
  EXPECT_EQ(engine.buffers().size(), 0u);
}

}  // namespace
}  // namespace sipring::test
