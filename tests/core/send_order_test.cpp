// What must not be overtaken has one lane (Transmit::lane).
// SPDX-License-Identifier: MIT
#include "tests/support/engine_client_fixture.h"
#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

class ResponseOrder : public EngineServerFixture {};
class RequestOrder : public EngineClientFixture {
 protected:
  void acknowledge(std::string_view call_id) {
    const HeaderLine headers[] = {{"From", "<sip:alice@example.com>;tag=a1"},
                                  {"To", "<sip:bob@example.com>;tag=b1"},
                                  {"Call-ID", call_id},
                                  {"CSeq", "1 ACK"}};
    ASSERT_TRUE(engine.send_stateless({.method = "ACK",
                                       .request_uri = "sip:bob@192.0.2.9",
                                       .headers = headers,
                                       .destination = server,
                                       .sent_by = "192.0.2.1:5062"}));
    take_outputs();
  }
};

TEST_F(ResponseOrder, is_one_for_all_of_a_transaction) {
  receive(invite);
  ASSERT_TRUE(answer(180));
  ASSERT_TRUE(answer(486));
  advance(std::chrono::milliseconds(600));  // timer G
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_EQ(sent[0].lane, sent[1].lane);
  EXPECT_EQ(sent[0].lane, sent[2].lane);
}

TEST_F(ResponseOrder, tells_transactions_apart) {
  receive(invite);
  ASSERT_TRUE(answer(180));
  receive(replaced(invite, "z9hG4bK1", "z9hG4bK2"));
  ASSERT_TRUE(answer(180));
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_NE(sent[0].lane, sent[1].lane);
}

TEST_F(RequestOrder, is_one_for_all_of_a_call) {
  const Handle<Transaction> invite = send("INVITE");
  receive(response_to(sent[0].text, "180 Ringing"), server);
  ASSERT_TRUE(engine.cancel(now, invite));
  take_outputs();
  acknowledge("c1");
  send("BYE");
  ASSERT_EQ(sent.size(), 4u);
  for (const Sent& request : sent) EXPECT_EQ(request.lane, sent[0].lane) << request.text;
}

TEST_F(RequestOrder, tells_calls_apart_by_either_end_of_the_call_id) {
  for (const char* call_id : {"0123456789-0", "0123456789-1", "1123456789-0", "0", "1", "0@h"}) {
    acknowledge(call_id);
  }
  for (std::size_t i = 0; i < sent.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(sent[i].lane, sent[j].lane) << i << ' ' << j;
  }
}

}  // namespace
}  // namespace sipring::test
