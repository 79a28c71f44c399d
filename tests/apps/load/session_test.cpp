// SPDX-License-Identifier: MIT
#include <load/session.h>

#include <sipring/core/message/parser.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

#include "tests/support/engine_fixture.h"
#include "tests/support/sip_text.h"

namespace sipring::app::test {
namespace {

using namespace sipring::test;

const std::string answer = sip(R"(
SIP/2.0 200 OK
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa
Record-Route: <sip:p3;lr>, <sip:p2;lr>
Record-Route: <sip:p1;lr>
From: <sip:alice@example.com>;tag=1
To: <sip:bob@example.com>;tag=2
Call-ID: 7@192.0.2.1
CSeq: 1 INVITE
Contact: "Bob" <sip:bob@192.0.2.9:5070>

)");

class SessionDialog : public ::testing::Test {
 protected:
  bool take(const std::string& text) {
    const PaddedText padded(text);
    return parse(padded.view(), message_) && take_dialog(message_, session_);
  }
  Message message_{64, *std::pmr::new_delete_resource()};
  Session session_;
};

TEST_F(SessionDialog, is_taken_from_a_2xx_with_the_route_reversed) {
  ASSERT_TRUE(take(answer));
  EXPECT_EQ(session_.to.view(), "<sip:bob@example.com>;tag=2");
  EXPECT_EQ(session_.remote_target.view(), "sip:bob@192.0.2.9:5070");
  EXPECT_EQ(session_.route.view(), "<sip:p1;lr>, <sip:p2;lr>, <sip:p3;lr>");
}

TEST_F(SessionDialog, is_refused_without_a_contact_or_when_too_long) {
  EXPECT_FALSE(take(replaced(answer, "Contact", "X-Contact")));
  EXPECT_FALSE(take(replaced(answer, "bob@192.0.2.9", std::string(200, 'b') + "@192.0.2.9")));
  EXPECT_FALSE(take(replaced(answer, "<sip:p1;lr>", "<sip:" + std::string(500, 'p') + ">")));
}

TEST(SessionNames, find_their_session_again) {
  const SessionNames names{0xfedcba9876543210, 7};
  FixedText<96> text;
  names.write(text, {4'000'000'000, 4'000'000'001});
  EXPECT_EQ(names.session_of(text.view()), (Handle<Session>{4'000'000'000, 4'000'000'001}));
}

TEST(SessionNames, know_no_call_id_of_others) {
  const SessionNames names{0xabc, 7};
  for (const char* call_id : {"", "x", "abc", "abc-7", "abc-7-1", "abc-8-1-1", "abd-7-1-1",
                              "abc-7-123456789-1", "a84b4c76e66710@pc33"}) {
    EXPECT_FALSE(names.session_of(call_id)) << call_id;
  }
  EXPECT_TRUE(names.session_of("abc-7-1-1"));
}

}  // namespace
}  // namespace sipring::app::test
