// Calls whose identifiers are no tokens (docs/tolerance.md): matched, answered, and echoed octet
// for octet.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <string>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

using EngineServerField = EngineServerFixture;

std::string with(std::string text, const std::string& from, const std::string& to) {
  return replaced(std::move(text), from, to);
}

std::string of_the_field(std::string text) {
  text = with(std::move(text), "branch=z9hG4bK1;rport", "branch=z9hG4bKQ+ta/L50=;rport=");
  text = with(std::move(text), "tag=a1", "tag=a/b@c==");
  text = with(std::move(text), "c1@192.0.2.1", "c2lw==@192.0.2.1");
  return with(std::move(text), "sip:proxy.example.com;lr>", "sip:proxy.example.com;lr>;ftag=a/b==");
}

TEST_F(EngineServerField, completes_a_call_whose_identifiers_are_base64) {
  receive(of_the_field(invite));
  ASSERT_THAT(requests, SizeIs(1));
  ASSERT_TRUE(answer(486));
  const std::string busy = take_only_sent();
  EXPECT_EQ(first_line(busy), "SIP/2.0 486 Busy Here");
  EXPECT_THAT(header_of(busy, "Via"),
              HasSubstr("SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKQ+ta/L50=;rport="));
  EXPECT_EQ(header_of(busy, "From"), "Alice <sip:alice@example.com>;tag=a/b@c==");
  EXPECT_EQ(header_of(busy, "Call-ID"), "c2lw==@192.0.2.1");
  receive(of_the_field(invite));
  EXPECT_EQ(take_only_sent(), busy) << "a retransmission belongs to the transaction";
  receive(of_the_field(ack()));
  EXPECT_THAT(requests, SizeIs(1)) << "and so does the ACK";
  receive(of_the_field(invite));
  EXPECT_TRUE(take_sent().empty()) << "which is confirmed now";
}

TEST_F(EngineServerField, answers_a_cancel_whose_branch_is_base64) {
  receive(of_the_field(invite));
  receive(of_the_field(with_method("CANCEL")));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 200 OK");
  EXPECT_THAT(cancelled, ElementsAre(requests[0]));
}

TEST_F(EngineServerField, fills_the_rport_that_is_0) {
  receive(with(invite, ";rport", ";rport=0"));
  ASSERT_TRUE(answer(200));
  const std::string via = header_of(take_only_sent(), "Via");
  EXPECT_THAT(via, HasSubstr(";branch=z9hG4bK1;rport="));
  EXPECT_EQ(via.find("rport=0"), via.npos);
}

TEST_F(EngineServerField, fills_the_received_that_is_empty) {
  receive(with(invite, ";rport", ";received=;rport"));
  ASSERT_TRUE(answer(200));
  EXPECT_THAT(header_of(take_only_sent(), "Via"),
              HasSubstr(";branch=z9hG4bK1;received=192.0.2.1;rport="));
}

TEST_F(EngineServerField, puts_a_tag_behind_a_semicolon_that_is_there) {
  receive(with(invite, "To: Bob <sip:bob@example.com>", "To: Bob <sip:bob@example.com>;"));
  ASSERT_TRUE(engine.respond(now, requests.back(), {.status = 200, .to_tag = "mine"}));
  take_outputs();
  EXPECT_EQ(header_of(take_only_sent(), "To"), "Bob <sip:bob@example.com>;tag=mine");
}

}  // namespace
}  // namespace sipring::test
