// What a proxy passes on, message by message: RFC 3261 sections 16.6, 16.7, 16.11, RFC 6026.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/message_edit.h>

#include <gmock/gmock.h>

#include "tests/support/engine_client_fixture.h"
#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Done = std::expected<void, SendError>;

// A proxy between 192.0.2.1, which asks, and callees from 192.0.2.9 on.
class EngineForward : public EngineServerFixture {
 protected:
  // Takes the outputs of a message and passes it on as `pass` says, before the next output.
  template <class Pass>
  void arrives(std::string_view text, NetworkAddress source, Pass&& pass) {
    arrived = PaddedText(text);
    engine.receive(now, {arrived.view(), source, Flow::of_listener(7)});
    bool came = false;
    while (std::optional<Output> output = engine.next_output()) {
      const auto* request = std::get_if<RequestReceived>(&*output);
      const auto* response = std::get_if<ResponseReceived>(&*output);
      came |= request != nullptr || response != nullptr;
      if (request != nullptr) server = request->transaction;
      if (request != nullptr) pass(*request->message);
      if (response != nullptr) pass(*response->message);
      if (request == nullptr && response == nullptr) take(*output);
    }
    EXPECT_TRUE(came);
  }
  // To a callee; what comes of it is in sent.back().
  Handle<Transaction> forward_invite(const std::string& text = invite) {
    Handle<Transaction> branch;
    arrives(text, caller, [&](const Message& message) {
      edit.start(message).decrement_max_forwards().record_route("<sip:proxy.example.com;lr>");
      const auto sent_or_not = engine.forward(now, edit, hop(), 5);
      EXPECT_TRUE(sent_or_not) << to_string(sent_or_not.error());
      branch = sent_or_not.value_or(Handle<Transaction>{});
    });
    return branch;
  }
  Done pass_back(const std::string& response) {
    Done result;
    arrives(response, hop().destination, [&](const Message& message) {
      result = engine.forward(now, server, edit.start(message));
    });
    return result;
  }
  static NextHop hop(std::string_view ip = "192.0.2.9") {
    return {address(ip, 5060), Flow::of_listener(3), "192.0.2.5:5060"};
  }
  static std::string answer_to(const std::string& request, std::string_view status_line,
                               std::string_view tag) {
    std::string vias;
    for (std::size_t at = request.find("Via: "); at != request.npos;
         at = request.find("Via: ", at + 1))
      vias += request.substr(at, request.find("\r\n", at) + 2 - at);
    return "SIP/2.0 " + std::string(status_line) + "\r\n" + vias +
           "From: " + header_of(request, "From") + "\r\nTo: " + header_of(request, "To") +
           ";tag=" + std::string(tag) + "\r\nCall-ID: " + header_of(request, "Call-ID") +
           "\r\nCSeq: " + header_of(request, "CSeq") +
           "\r\nX-Odd:   as it\r\n\tstands\r\nContent-Length: 4\r\n\r\nbody";
  }

  NetworkAddress caller = address("192.0.2.1", 5062);
  MessageEdit edit;
  Handle<Transaction> server;
};

TEST_F(EngineForward, passes_a_request_on_with_a_via_and_the_stamp_of_the_one_before) {
  const Handle<Transaction> branch = forward_invite();
  ASSERT_THAT(sent, SizeIs(1));
  const std::string& text = sent[0].text;
  EXPECT_THAT(text, StartsWith("INVITE sip:bob@192.0.2.9 SIP/2.0\r\n"
                               "Via: SIP/2.0/UDP 192.0.2.5:5060;branch=z9hG4bK"));
  EXPECT_THAT(text, HasSubstr("\r\nVia: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1;rport=5062;"
                              "received=192.0.2.1\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nMax-Forwards: 69\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nRecord-Route: <sip:proxy.example.com;lr>\r\nRecord-Route: "
                              "<sip:proxy.example.com;lr>\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nContact: <sip:alice@192.0.2.1:5062>\r\n"));
  EXPECT_EQ(sent[0].destination, hop().destination);
  EXPECT_EQ(sent[0].transaction, branch);
  const auto status = engine.status(branch);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->kind, TransactionKind::invite_client);
  EXPECT_EQ(status->flow, Flow::of_listener(3));
  EXPECT_EQ(status->attached, 5u);
}

TEST_F(EngineForward, repeats_what_it_passed_on_and_acknowledges_its_refusal) {
  forward_invite();
  const std::string passed = take_only_sent();
  advance(std::chrono::milliseconds(900));
  EXPECT_THAT(take_sent(), ::testing::Contains(passed));
  EXPECT_TRUE(pass_back(answer_to(passed, "486 Busy Here", "b1")));
  const std::vector<std::string> texts = take_sent();
  ASSERT_THAT(texts, SizeIs(2));
  EXPECT_THAT(texts[0], StartsWith("ACK sip:bob@192.0.2.9 SIP/2.0\r\nVia: " +
                                   header_of(passed, "Via") + "\r\nMax-Forwards: 70\r\n"));
  EXPECT_THAT(texts[0], Not(HasSubstr("z9hG4bK1;")));
  EXPECT_THAT(texts[1], StartsWith("SIP/2.0 486 "));
}

TEST_F(EngineForward, cancels_what_it_passed_on) {
  const Handle<Transaction> branch = forward_invite();
  const std::string passed = take_only_sent();
  receive(answer_to(passed, "180 Ringing", "b1"), hop().destination);
  ASSERT_TRUE(engine.cancel(now, branch));
  take_outputs();
  const std::string cancel = take_only_sent();
  EXPECT_THAT(cancel, StartsWith("CANCEL sip:bob@192.0.2.9 SIP/2.0\r\nVia: " +
                                 header_of(passed, "Via") + "\r\nMax-Forwards: 70\r\n"));
  EXPECT_THAT(cancel, Not(HasSubstr("z9hG4bK1;")));
}

TEST_F(EngineForward, passes_a_response_back_octet_for_octet_but_for_its_own_via) {
  forward_invite();
  const std::string passed = take_only_sent();
  const std::string response = answer_to(passed, "200 OK", "b1");
  ASSERT_TRUE(pass_back(response));
  const std::string own_via = "Via: " + header_of(passed, "Via") + "\r\n";
  EXPECT_EQ(take_only_sent(), replaced(response, own_via, ""));
  EXPECT_EQ(engine.status(server)->state, State::accepted);
}

TEST_F(EngineForward, sends_the_response_again_that_it_passed_back) {
  forward_invite();
  const std::string passed = take_only_sent();
  ASSERT_TRUE(pass_back(answer_to(passed, "183 Session Progress", "b1")));
  const std::string progress = take_only_sent();
  receive(invite, caller);
  EXPECT_EQ(take_only_sent(), progress);
}

// RFC 6026 section 7.1: what the transaction repeats stays the first one.
TEST_F(EngineForward, passes_another_callees_2xx_back_and_no_other_final_response) {
  arrives(invite, caller, [&](const Message& message) {
    ASSERT_TRUE(engine.forward(now, edit.start(message), hop(), 5));
    ASSERT_TRUE(engine.forward(now, edit.start(message), hop("192.0.2.10"), 6));
  });
  const std::vector<std::string> branches = take_sent();
  ASSERT_THAT(branches, SizeIs(2));
  EXPECT_NE(header_of(branches[0], "Via"), header_of(branches[1], "Via"));
  ASSERT_TRUE(pass_back(answer_to(branches[0], "200 OK", "b1")));
  const std::string first = take_only_sent();
  ASSERT_TRUE(pass_back(answer_to(branches[1], "200 OK", "b2")));
  EXPECT_THAT(sent[0].destination, caller);
  EXPECT_EQ(sent[0].transaction, server);
  EXPECT_THAT(take_only_sent(), HasSubstr(";tag=b2\r\n"));
  ASSERT_TRUE(engine.repeat_response(now, server));
  take_outputs();
  EXPECT_EQ(take_only_sent(), first);
}

TEST_F(EngineForward, lets_the_first_refusal_end_the_choice) {
  arrives(invite, caller, [&](const Message& message) {
    ASSERT_TRUE(engine.forward(now, edit.start(message), hop(), 5));
    ASSERT_TRUE(engine.forward(now, edit.start(message), hop("192.0.2.10"), 6));
  });
  const std::vector<std::string> branches = take_sent();
  ASSERT_TRUE(pass_back(answer_to(branches[0], "486 Busy Here", "b1")));
  (void)take_sent();
  EXPECT_EQ(pass_back(answer_to(branches[1], "200 OK", "b2")).error(), SendError::wrong_state);
  EXPECT_THAT(take_sent(), IsEmpty());
}

TEST_F(EngineForward, passes_back_what_a_user_agent_server_may_answer_and_nothing_else) {
  arrives(with_method("MESSAGE"), caller, [&](const Message& message) {
    ASSERT_TRUE(engine.forward(now, edit.start(message), hop(), 5));
  });
  const std::string passed = take_only_sent();
  EXPECT_EQ(pass_back(answer_to(passed, "180 Ringing", "b1")).error(), SendError::forbidden_status);
  EXPECT_EQ(pass_back(answer_to(passed, "408 Request Timeout", "b1")).error(),
            SendError::forbidden_status);
}

TEST_F(EngineForward, passes_no_response_back_that_has_nobody_behind_it) {
  forward_invite();
  const std::string passed = take_only_sent();
  std::string response = answer_to(passed, "200 OK", "b1");
  const std::size_t second = response.find("Via: ", response.find("Via: ") + 1);
  response.erase(second, response.find("\r\n", second) + 2 - second);
  EXPECT_EQ(pass_back(response).error(), SendError::missing_header);
  EXPECT_THAT(take_sent(), IsEmpty());
  EXPECT_EQ(engine.status(server)->state, State::proceeding);
}

// It would end the choice, and the client would wait for another (sections 17.1.3, 18.1.2).
TEST_F(EngineForward, passes_no_response_back_that_its_client_would_not_know) {
  forward_invite();
  const std::string response = answer_to(take_only_sent(), "200 OK", "b1");
  for (const auto& [of, wrong] : {std::pair("z9hG4bK1;", "z9hG4bK2;"),
                                  {"branch=z9hG4bK1", "b=1"},
                                  {"192.0.2.1:5062;", "192.0.2.1:5063;"}}) {
    EXPECT_EQ(pass_back(replaced(response, of, wrong)).error(), SendError::malformed_header) << of;
  }
  EXPECT_THAT(take_sent(), IsEmpty());
  EXPECT_EQ(engine.status(server)->state, State::proceeding);
  EXPECT_TRUE(pass_back(response));
}

// Section 17.2.3: such a client has nothing in its Via that is unlike those of its other requests.
TEST_F(EngineForward, passes_a_response_back_that_a_client_of_rfc_2543_knows) {
  forward_invite(replaced(invite, ";branch=z9hG4bK1", ""));
  const std::string passed = take_only_sent();
  const std::string first = answer_to(passed, "200 OK", "b1");
  for (const auto& [of, wrong] : {std::pair("c1@192.0.2.1", "c2@192.0.2.1"),
                                  {";tag=a1", ";tag=a2"},
                                  {"CSeq: 7", "CSeq: 8"},
                                  {"192.0.2.1:5062;", "192.0.2.1;"}}) {
    EXPECT_EQ(pass_back(replaced(first, of, wrong)).error(), SendError::malformed_header) << of;
  }
  EXPECT_THAT(take_sent(), IsEmpty());
  EXPECT_TRUE(pass_back(first));
  EXPECT_TRUE(pass_back(answer_to(passed, "200 OK", "b2")));
  EXPECT_EQ(pass_back(replaced(first, "c1@", "c2@")).error(), SendError::malformed_header);
  EXPECT_THAT(take_sent(), SizeIs(2));
}

TEST_F(EngineForward, passes_a_request_on_later_from_the_copy_that_was_kept) {
  receive(invite, caller);
  const Message* kept = engine.request(requests.back());
  ASSERT_NE(kept, nullptr);
  ASSERT_TRUE(engine.forward(now, edit.start(*kept), hop(), 5));
  take_outputs();
  EXPECT_THAT(take_only_sent(),
              HasSubstr("\r\nVia: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1;rport=5062;"
                        "received=192.0.2.1\r\n"));
}

TEST_F(EngineForward, passes_an_ack_on_without_a_transaction) {
  const std::string ack_for_2xx = replaced(with_method("ACK"), "z9hG4bK1", "z9hG4bKack");
  arrives(ack_for_2xx, caller, [&](const Message& message) {
    ASSERT_TRUE(engine.forward_stateless(edit.start(message).decrement_max_forwards(), hop()));
  });
  EXPECT_FALSE(sent[0].transaction);
  const std::string passed = take_only_sent();
  EXPECT_THAT(passed, StartsWith("ACK sip:bob@192.0.2.9 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.5"));
  EXPECT_THAT(passed, HasSubstr("branch=z9hG4bKack;rport=5062;received=192.0.2.1\r\n"));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

// RFC 3261 section 18.3.
TEST_F(EngineForward, gives_a_message_its_length_on_the_way_to_a_connection) {
  const std::string without = replaced(with_method("MESSAGE"), "Content-Length: 0\r\n", "");
  arrives(without, caller, [&](const Message& message) {
    NextHop next = hop();
    next.destination.transport = Transport::tcp;
    ASSERT_TRUE(engine.forward(now, edit.start(message), next, 5));
  });
  EXPECT_THAT(take_only_sent(), HasSubstr("\r\nContent-Length: 0\r\n"));
}

TEST_F(EngineForward, says_why_it_does_not_pass_on) {
  arrives(invite, caller, [&](const Message& message) {
    EXPECT_EQ(engine.forward(now, edit.start(message).remove("Call-ID"), hop()).error(),
              SendError::missing_header);
    EXPECT_EQ(engine.forward(now, edit.start(message).replace("CSeq", "7 BYE"), hop()).error(),
              SendError::malformed_header);
    edit.start(message).pop_route();
    EXPECT_EQ(engine.forward(now, edit, hop()).error(), SendError::malformed_header);
    EXPECT_EQ(engine.forward(now, server, edit.start(message)).error(),
              SendError::malformed_header);
    engine.buffers().fail_nth_acquire(1);
    EXPECT_EQ(engine.forward(now, edit.start(message), hop()).error(), SendError::no_buffers);
    engine.fail_nth_transaction(1);
    EXPECT_EQ(engine.forward(now, edit.start(message), hop()).error(), SendError::no_transactions);
    EXPECT_EQ(engine.forward(now, Handle<Transaction>{}, edit.start(message)).error(),
              SendError::stale_transaction);
  });
  EXPECT_THAT(take_sent(), IsEmpty());
}

}  // namespace
}  // namespace sipring::test
