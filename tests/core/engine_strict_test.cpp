// Settings::strict, limits, and what a forgiven message leaves behind on the wire.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/support/engine_client_fixture.h"

namespace sipring::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string options = sip(R"(
OPTIONS sip:bob@192.0.2.9 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1
Max-Forwards: 70
From: Alice <sip:alice@example.com>;tag=a1
To: Bob <sip:bob@example.com>
Call-ID: c1@192.0.2.1
CSeq: 7 OPTIONS
Content-Length: 0

)");

std::string with_bare_line_feeds() {
  std::string text = options;
  for (std::size_t at = 0; (at = text.find("\r\n", at)) != text.npos;) text.replace(at, 2, " \n");
  return text.replace(text.size() - 2, 2, "\n")
      .replace(0, text.find('\n'), "OPTIONS sip:b SIP/2.0");
}

class TolerantEngine : public EngineFixture {};

TEST_F(TolerantEngine, takes_bare_line_feeds_and_sends_none) {
  receive(with_bare_line_feeds());
  ASSERT_THAT(requests, SizeIs(1));
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 200}));
  take_outputs();
  const std::string response = take_only_sent();
  EXPECT_EQ(first_line(response), "SIP/2.0 200 OK");
  EXPECT_EQ(header_of(response, "Call-ID"), "c1@192.0.2.1");
  for (std::size_t at = 0; (at = response.find('\n', at)) != response.npos; ++at)
    ASSERT_EQ(response[at - 1], '\r') << response;
}

TEST_F(TolerantEngine, refuses_a_second_address_in_from) {
  receive(replaced(options, "From: ", "From: <sip:x>;tag=1, "));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 400 Repeated From Header Field");
}

TEST_F(TolerantEngine, refuses_a_request_uri_that_is_none) {
  receive(replaced(options, "sip:bob@192.0.2.9 ", "sip:2001:db8::9 "));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 400 Malformed Request-URI");
  EXPECT_THAT(requests, IsEmpty());
}

TEST_F(TolerantEngine, takes_a_cookie_alone_for_no_branch) {
  receive(replaced(options, "z9hG4bK1", "z9hG4bK"));
  receive(replaced(replaced(options, "z9hG4bK1", "z9hG4bK"), "c1@", "c2@"));
  EXPECT_THAT(requests, SizeIs(2));
}

class StrictEngine : public EngineClientFixture {
 protected:
  StrictEngine() : EngineClientFixture(strict_settings()) {}
  static Settings strict_settings() {
    Settings settings = small_settings();
    settings.strict = true;
    return settings;
  }
};

TEST_F(StrictEngine, takes_what_the_grammar_takes) {
  receive(options);
  EXPECT_THAT(requests, SizeIs(1));
}

TEST_F(StrictEngine, refuses_what_is_only_forgiven_and_says_where) {
  receive(with_bare_line_feeds());
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 400 a line ends in LF alone, not in CRLF");
  receive(replaced(options, "Bob <sip", "Bob (home) <sip"));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 400 Malformed To Header Field");
  receive(replaced(options, "Max-Forwards: 70\r\n", ""));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 400 Missing Max-Forwards Header Field");
  EXPECT_THAT(requests, IsEmpty());
  EXPECT_EQ(engine.counters().dropped[static_cast<std::size_t>(DropReason::bad_request)], 3u);
}

// Section 17.1: a final response ends its transaction. Dropped, it would leave an INVITE's waiting
// for ever.
TEST_F(StrictEngine, takes_a_response_that_lacks_what_its_status_asks_for) {
  ASSERT_TRUE(send("OPTIONS"));
  receive(response_to(take_only_sent(), "405 Method Not Allowed"));
  EXPECT_THAT(responses, ElementsAre(405));
  ASSERT_TRUE(send("OPTIONS"));
  const std::string ok = response_to(take_only_sent(), "200 OK");
  receive(replaced(ok, "CSeq: ", "User-Agent: a(1)\r\nCSeq: "));
  EXPECT_THAT(responses, ElementsAre(405)) << "what is malformed is dropped";
  receive(ok);
  EXPECT_THAT(responses, ElementsAre(405, 200));
}

class LimitedEngine : public EngineFixture {
 protected:
  LimitedEngine() : EngineFixture(limited_settings()) {}
  static Settings limited_settings() {
    Settings settings = small_settings();
    settings.limits.message_bytes = 1000;
    settings.limits.parse.body_bytes = 100;
    settings.limits.parse.request_uri_bytes = 100;
    return settings;
  }
};

TEST_F(LimitedEngine, answers_each_limit_with_its_status) {
  const std::string x(101, 'x');
  receive(replaced(options, "Length: 0\r\n\r\n", "Length: 101\r\n\r\n" + x));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 413 Request Entity Too Large");
  receive(replaced(options, "sip:bob", "sip:" + x));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 414 Request-URI Too Long");
  receive(options + std::string(1000, 'x'));
  EXPECT_EQ(first_line(take_only_sent()), "SIP/2.0 513 Message Too Large");
  EXPECT_THAT(requests, IsEmpty());
}

}  // namespace
}  // namespace sipring::test
