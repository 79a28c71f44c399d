// What a response copies and what it may hold: RFC 3261 section 8.2.6.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header_block.h>

#include <gmock/gmock.h>

#include <string>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

using EngineServerResponse = EngineServerFixture;

TEST_F(EngineServerResponse, answers_with_the_fields_that_section_8_2_6_2_copies_and_a_tag) {
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

TEST_F(EngineServerResponse, keeps_one_tag_for_all_responses_and_gives_none_to_a_100) {
  receive(invite);
  ASSERT_TRUE(answer(100));
  ASSERT_TRUE(answer(180));
  ASSERT_TRUE(answer(200));
  const auto texts = take_sent();
  ASSERT_THAT(texts, SizeIs(3));
  EXPECT_EQ(header_of(texts[0], "To"), "Bob <sip:bob@example.com>");
  EXPECT_EQ(header_of(texts[1], "To"), header_of(texts[2], "To"));
}

TEST_F(EngineServerResponse, does_not_replace_a_tag_that_the_request_has) {
  receive(replaced(invite, "<sip:bob@example.com>", "<sip:bob@example.com>;tag=b9"));
  ASSERT_TRUE(answer(200));
  EXPECT_EQ(header_of(take_only_sent(), "To"), "Bob <sip:bob@example.com>;tag=b9");
}

// Later means: the octets of the request are gone, the kept copy is what there is.
TEST_F(EngineServerResponse, answers_later_just_as_at_once) {
  receive(invite);
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 180}));
  take_outputs();
  const std::string at_once = take_only_sent();
  arrived = PaddedText("");
  receive("\r\n\r\n");
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 180}));
  take_outputs();
  EXPECT_EQ(take_only_sent(), at_once);
}

TEST_F(EngineServerResponse, writes_a_prepared_block_behind_the_other_lines) {
  const HeaderLine prepared[] = {{"Allow", "INVITE"}};
  const HeaderBlock block(prepared);
  const HeaderLine lines[] = {{"Contact", "<sip:bob@192.0.2.9>"}};
  receive(invite);
  ASSERT_TRUE(engine.respond(now, requests[0], {.headers = lines, .block = &block}));
  take_outputs();
  EXPECT_THAT(take_only_sent(), HasSubstr("Contact: <sip:bob@192.0.2.9>\r\nAllow: INVITE\r\n"));
}

TEST_F(EngineServerResponse, refuses_headers_that_would_smuggle_in_others) {
  receive(invite);
  const HeaderLine evil[] = {{"Subject", "a\r\nX-Evil: yes"}};
  EXPECT_EQ(engine.respond(now, requests[0], {.headers = evil}).error(),
            SendError::malformed_header);
  EXPECT_EQ(engine.respond(now, requests[0], {.reason = "a\nb"}).error(),
            SendError::malformed_header);
  EXPECT_EQ(engine.respond(now, requests[0], {.status = 99}).error(), SendError::malformed_header);
}

}  // namespace
}  // namespace sipring::test
