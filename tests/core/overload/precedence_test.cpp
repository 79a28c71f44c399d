// SPDX-License-Identifier: MIT
#include <sipring/core/message/parser.h>
#include <sipring/core/overload/detail/precedence.h>

#include <gtest/gtest.h>

#include <memory_resource>

#include "tests/support/engine_fixture.h"

namespace sipring::test {
namespace {

struct Case {
  const char* name;
  const char* start;  // of the Request-Line
  const char* to;
  const char* extra;
  Precedence expected;
};

constexpr Case cases[] = {
    {"a new call", "INVITE sip:bob@example.com", "Bob <sip:b@example.com>", "", Precedence::call},
    {"a call that is changed", "INVITE sip:bob@example.com", "Bob B <sip:b@example.com>;tag=1", "",
     Precedence::in_dialog},
    {"the end of a call whose To says nothing", "BYE sip:bob@example.com", "<sip:b@example.com>",
     "", Precedence::in_dialog},
    {"a cancelled call", "CANCEL sip:bob@example.com", "<sip:b@example.com>", "",
     Precedence::in_dialog},
    {"an acknowledgement", "ACK sip:bob@example.com", "<sip:b@example.com>", "",
     Precedence::in_dialog},
    {"an emergency call", "INVITE urn:service:sos", "<urn:service:sos>", "", Precedence::emergency},
    {"an emergency call for the police", "INVITE URN:Service:sos.police", "<urn:service:sos>", "",
     Precedence::emergency},
    {"a service that only begins like it", "INVITE urn:service:sosumi", "<urn:service:sosumi>", "",
     Precedence::call},
    {"a call of the emergency services", "INVITE sip:bob@example.com", "<sip:b@example.com>",
     "Resource-Priority: esnet.0\r\n", Precedence::emergency},
    {"a call of another namespace", "INVITE sip:bob@example.com", "<sip:b@example.com>",
     "Resource-Priority: dsn.routine\r\n", Precedence::call},
    {"a question", "OPTIONS sip:bob@example.com", "<sip:b@example.com>", "", Precedence::other},
    {"a registration", "REGISTER sip:example.com", "<sip:b@example.com>", "",
     Precedence::registration},
    {"a method in small letters is another method", "register sip:example.com",
     "<sip:b@example.com>", "", Precedence::other},
};

std::string text_of(const Case& each) {
  const std::string start = each.start;
  return start + " SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n" +
         "From: <sip:a@example.com>;tag=9\r\nTo: " + each.to + "\r\n" + each.extra +
         "Call-ID: 1\r\nCSeq: 1 " + start.substr(0, start.find(' ')) + "\r\n\r\n";
}

std::string tag_in(std::string_view to) {
  const std::size_t at = to.find(";tag=");
  return at == std::string_view::npos ? "" : std::string(to.substr(at + 5));
}

TEST(Precedence, is_the_same_framed_and_guessed) {
  Message message(32, *std::pmr::new_delete_resource());
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const PaddedText text(text_of(each));
    ASSERT_TRUE(parse(text.view(), message));
    EXPECT_EQ(precedence_of(message, tag_in(each.to)), each.expected);
    EXPECT_EQ(guess_precedence(text.view()), each.expected);
    EXPECT_EQ(guess_precedence("\r\n" + std::string(text.view())), each.expected);
  }
}

TEST(Precedence, of_a_request_that_is_about_to_be_sent) {
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const std::string start = each.start;
    const std::size_t space = start.find(' ');
    const std::string extra = each.extra;
    std::vector<HeaderLine> headers{{"t", each.to}};
    if (!extra.empty())
      headers.push_back({"Resource-Priority", std::string_view(extra).substr(19)});
    EXPECT_EQ(precedence_of(Request{.method = std::string_view(start).substr(0, space),
                                    .request_uri = std::string_view(start).substr(space + 1),
                                    .headers = headers}),
              each.expected);
  }
}

TEST(Precedence, of_what_is_no_request) {
  EXPECT_EQ(guess_precedence("SIP/2.0 200 OK\r\n\r\n"), Precedence::in_dialog);
  EXPECT_EQ(guess_precedence("garbage"), Precedence::registration);
  EXPECT_EQ(guess_precedence(""), Precedence::registration);
  EXPECT_EQ(guess_precedence("\r\n\r\n"), Precedence::registration);
}

// A tag behind the head, or in the To's neighbour, makes no dialog.
TEST(Precedence, is_not_guessed_from_other_lines) {
  EXPECT_EQ(guess_precedence("INVITE sip:b SIP/2.0\r\nt: <sip:b>\r\nf: <sip:a>;tag=1\r\n\r\n"),
            Precedence::call);
  EXPECT_EQ(guess_precedence("INVITE sip:b SIP/2.0\r\nf: <sip:a>\r\n\r\nTo: <sip:b>;tag=1\r\n"),
            Precedence::call);
}

}  // namespace
}  // namespace sipring::test
