// What is answered without a transaction, or not at all: RFC 3261 section 8.2.7.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

using EngineServerMalformed = EngineServerFixture;

TEST_F(EngineServerMalformed, answers_400_naming_the_header_that_is_missing_malformed_or_repeated) {
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

TEST_F(EngineServerMalformed, answers_a_via_of_which_only_the_sent_by_can_be_read) {
  receive(replaced(invite, "192.0.2.1:5062;branch=z9hG4bK1;rport", "proxy.example:5070;;,;,,"));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent.front().destination, address("192.0.2.1", 5070));
  const std::string refusal = take_only_sent();
  EXPECT_EQ(first_line(refusal), "SIP/2.0 400 Malformed Via Header Field");
  EXPECT_THAT(refusal,
              HasSubstr("Via: SIP/2.0/UDP proxy.example:5070;received=192.0.2.1;;,;,,\r\n"));
  Counters counters = engine.counters();
  EXPECT_EQ(counters[DropReason::bad_request], 1u);
}

TEST_F(EngineServerMalformed, drops_a_request_without_a_sent_by) {
  const std::string_view via = "Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1;rport\r\n";
  for (std::string_view other : {"", "Via: SIP/2.0/UDP ;branch=z9hG4bK1\r\n", "Via: ;,\r\n"}) {
    receive(replaced(invite, via, std::string(other)));
    EXPECT_THAT(sent, IsEmpty()) << other;
  }
  Counters counters = engine.counters();
  EXPECT_EQ(counters[DropReason::malformed], 3u);
}

TEST_F(EngineServerMalformed, answers_505_to_another_version) {
  receive(replaced(invite, "SIP/2.0\r\nVia", "SIP/7.0\r\nVia"));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 505 Version Not Supported");
}

TEST_F(EngineServerMalformed, answers_400_when_the_body_is_shorter_than_content_length_says) {
  receive(replaced(invite, "Content-Length: 0", "Content-Length: 10"));
  EXPECT_THAT(first_line(take_only_sent()), StartsWith("SIP/2.0 400 "));
}

TEST_F(EngineServerMalformed, never_answers_an_ack_however_bad_it_is) {
  receive(replaced(ack(), "Call-ID: c1@192.0.2.1\r\n", ""));
  EXPECT_THAT(sent, IsEmpty());
}

TEST_F(EngineServerMalformed, counts_what_it_cannot_answer_by_reason) {
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

}  // namespace
}  // namespace sipring::test
