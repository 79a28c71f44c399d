// Requests other than INVITE, and what speaks against any: RFC 3261 sections 8.2, 10.3, 11.2.
// SPDX-License-Identifier: MIT
#include "tests/apps/answer/answer_fixture.h"

#include <gmock/gmock.h>

namespace sipring::app::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class AnswerUserTest : public AnswerFixture {
 protected:
  std::string response_to(std::string_view request) {
    receive(request);
    return take_only_sent();
  }
  // An INVITE has provisional ones before.
  std::string final_response_to(std::string_view invite) {
    receive(invite);
    return take_sent().back();
  }
};

TEST_F(AnswerUserTest, answers_OPTIONS_with_what_it_can_do) {
  const std::string ok = response_to(request_to("bob", "OPTIONS"));
  EXPECT_EQ(first_line(ok), "SIP/2.0 200 OK");
  EXPECT_EQ(header_of(ok, "Allow"),
            "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, MESSAGE, REGISTER");
  EXPECT_THAT(header_of(ok, "Accept"), StartsWith("application/sdp, multipart/mixed"));
  EXPECT_EQ(header_of(ok, "Accept-Encoding"), "identity");
  EXPECT_EQ(header_of(ok, "Accept-Language"), "en");
  EXPECT_EQ(header_of(ok, "Supported"), "100rel, timer, siprec");
  EXPECT_EQ(header_of(ok, "Contact"), "<sip:192.0.2.9:5060>");
}

TEST_F(AnswerUserTest, answers_OPTIONS_whose_Max_Forwards_has_run_out) {
  EXPECT_EQ(first_line(response_to(
                replaced(request_to("bob", "OPTIONS"), "Max-Forwards: 70", "Max-Forwards: 0"))),
            "SIP/2.0 200 OK");
}

TEST_F(AnswerUserTest, echoes_the_contacts_of_a_REGISTER_with_the_time_they_are_granted) {
  const std::string request = replaced(
      request_to("", "REGISTER"), "Contact: <sip:alice@192.0.2.1:5062>",
      "Expires: 600\r\nContact: \"A, B\" <sip:a@192.0.2.1>;q=0.5, <sip:b@192.0.2.1>;expires=60\r\n"
      "Contact: <sip:gone@192.0.2.1>;expires=0\r\nm: sip:c@192.0.2.1");
  EXPECT_EQ(header_of(response_to(replaced(request, "sip:@", "sip:")), "Contact"),
            "\"A, B\" <sip:a@192.0.2.1>;q=0.5;expires=600, <sip:b@192.0.2.1>;expires=60, "
            "sip:c@192.0.2.1;expires=600");
}

TEST_F(AnswerUserTest, answers_a_REGISTER_without_contacts_with_none) {
  const std::string ok = response_to(
      replaced(request_to("bob", "REGISTER"), "Contact: <sip:alice@192.0.2.1:5062>\r\n", ""));
  EXPECT_EQ(first_line(ok), "SIP/2.0 200 OK");
  EXPECT_EQ(header_of(ok, "Contact"), "(none)");
}

TEST_F(AnswerUserTest, takes_a_wildcard_contact_only_with_Expires_0) {
  const std::string all =
      replaced(request_to("bob", "REGISTER"), "<sip:alice@192.0.2.1:5062>", "*");
  EXPECT_EQ(first_line(response_to(with_line(all, "Expires: 0"))), "SIP/2.0 200 OK");
  EXPECT_THAT(response_to(replaced(all, "z9hG4bK1", "z9hG4bK2")), StartsWith("SIP/2.0 400"));
}

TEST_F(AnswerUserTest, answers_a_MESSAGE_and_within_a_dialog_an_INFO) {
  EXPECT_EQ(first_line(response_to(request_to("bob", "MESSAGE"))), "SIP/2.0 200 OK");
  EXPECT_THAT(response_to(request_to("bob", "INFO", "z9hG4bK2")), StartsWith("SIP/2.0 481"));
  const std::string ok = answered("z9hG4bK3");
  EXPECT_EQ(first_line(response_to(later(ok, "INFO", "z9hG4bK4"))), "SIP/2.0 200 OK");
  EXPECT_EQ(first_line(response_to(later(ok, "MESSAGE", "z9hG4bK5"))), "SIP/2.0 200 OK");
  EXPECT_EQ(first_line(response_to(later(ok, "OPTIONS", "z9hG4bK6"))), "SIP/2.0 200 OK");
}

TEST_F(AnswerUserTest, knows_no_dialog_with_a_tag_that_it_did_not_make) {
  for (const std::string_view method : {"OPTIONS", "MESSAGE", "INFO", "UPDATE", "BYE"}) {
    const std::string request =
        replaced(request_to("bob", method, "z9hG4bK" + std::string(method)),
                 "To: Bob <sip:bob@example.com>", "To: Bob <sip:bob@example.com>;tag=x");
    EXPECT_THAT(response_to(request), StartsWith("SIP/2.0 481")) << method;
  }
}

TEST_F(AnswerUserTest, answers_the_offer_of_an_UPDATE) {
  const std::string ok = answered();
  const std::string updated = response_to(
      with_body(later(ok, "UPDATE", "z9hG4bK2"), std::string(audio_offer) + "a=inactive\r\n"));
  EXPECT_EQ(first_line(updated), "SIP/2.0 200 OK");
  EXPECT_THAT(body_of(updated), HasSubstr("a=inactive\r\n"));
  EXPECT_EQ(body_of(response_to(later(ok, "UPDATE", "z9hG4bK3"))), "");
}

TEST_F(AnswerUserTest, refuses_methods_that_it_does_not_do_with_405_and_Allow) {
  for (const std::string_view method : {"SUBSCRIBE", "PUBLISH", "REFER", "NOTIFY", "FOO"}) {
    const std::string refused =
        response_to(request_to("bob", method, "z9hG4bK" + std::string(method)));
    EXPECT_THAT(refused, StartsWith("SIP/2.0 405")) << method;
    EXPECT_THAT(header_of(refused, "Allow"), HasSubstr("OPTIONS"));
  }
}

TEST_F(AnswerUserTest, refuses_extensions_with_420_and_names_them) {
  const std::string refused =
      response_to(with_line(with_line(invite_to("bob"), "Require: bar , timer"), "Require: foo"));
  EXPECT_THAT(refused, StartsWith("SIP/2.0 420"));
  EXPECT_EQ(header_of(refused, "Unsupported"), "bar, foo");
}

// A recorder is required by every INVITE that begins a recording (RFC 7866): its SDP is answered.
TEST_F(AnswerUserTest, takes_what_recording_requires) {
  const std::string ok = final_response_to(with_line(invite_to("bob"), "Require: siprec"));
  EXPECT_THAT(ok, StartsWith("SIP/2.0 200"));
  EXPECT_EQ(header_of(ok, "Supported"), "100rel, timer, siprec");
  const std::string refused =
      response_to(with_line(invite_to("bob", "z9hG4bK2"), "Require: SIPREC, foo"));
  EXPECT_EQ(header_of(refused, "Unsupported"), "foo");
}

TEST_F(AnswerUserTest, takes_content_that_is_not_coded_and_whose_type_has_white_space) {
  std::string branch = "z9hG4bK";
  for (const std::string_view line :
       {"Content-Encoding: ", "Content-Encoding: identity, ", "Content-Encoding: Identity"}) {
    branch += '1';
    EXPECT_THAT(final_response_to(with_line(invite_to("bob", branch), line)),
                StartsWith("SIP/2.0 200"))
        << line;
  }
  EXPECT_THAT(final_response_to(with_body(request_to("bob", "INVITE", "z9hG4bK9"), audio_offer,
                                          "application / sdp")),
              StartsWith("SIP/2.0 200"));
}

TEST_F(AnswerUserTest, does_not_answer_an_ACK_whatever_it_requires) {
  receive(with_line(request_to("bob", "ACK"), "Require: foo"));
  EXPECT_THAT(take_sent(), IsEmpty());
}

TEST_F(AnswerUserTest, refuses_other_schemes_with_416_but_takes_telephone_numbers) {
  const auto to = [](std::string_view uri, std::string_view branch) {
    return replaced(request_to("bob", "OPTIONS", branch), "sip:bob@192.0.2.9", uri);
  };
  EXPECT_THAT(response_to(to("mailto:bob@example.com", "z9hG4bK1")), StartsWith("SIP/2.0 416"));
  EXPECT_THAT(response_to(to("tel:+15551234", "z9hG4bK2")), StartsWith("SIP/2.0 200"));
  EXPECT_THAT(response_to(to("sips:bob@example.com", "z9hG4bK3")), StartsWith("SIP/2.0 200"));
}

TEST_F(AnswerUserTest, refuses_content_that_it_cannot_read_with_415_and_says_what_it_can) {
  const std::string type =
      response_to(with_body(request_to("bob", "INVITE"), "hello", "text/plain"));
  EXPECT_THAT(type, StartsWith("SIP/2.0 415"));
  EXPECT_THAT(header_of(type, "Accept"), StartsWith("application/sdp, "));
  const std::string encoding =
      response_to(with_line(invite_to("bob", "z9hG4bK2"), "Content-Encoding: gzip"));
  EXPECT_THAT(encoding, StartsWith("SIP/2.0 415"));
  EXPECT_EQ(header_of(encoding, "Accept-Encoding"), "identity");
}

// Each is one part of a multipart/mixed, the session description another.
class AnswerUserOfParts : public AnswerUserTest {
 protected:
  std::string answer_to_parts(const std::string& body, std::string_view type) {
    const std::string number = std::to_string(++count_);
    receive(replaced(with_body(request_to("bob", "INVITE", "z9hG4bK" + number), body, type), "c1@",
                     "c" + number + "@"));
    return take_sent().back();
  }
  std::string answer_beside_sdp(const std::string& head) {
    return answer_to_parts("--b\r\nContent-Type: application/sdp\r\n\r\n" +
                               std::string(audio_offer) + "\r\n--b\r\n" + head + "\r\n\r\n" +
                               std::string("\x01\0\xff", 3) + "\r\n--b--\r\n",
                           "multipart/mixed;boundary=b");
  }
  int count_ = 0;
};

TEST_F(AnswerUserOfParts, answers_the_session_description_among_others) {
  for (const std::string head :
       {"Content-Type: application/ISUP; version=itu-t92+\r\nContent-Disposition: "
        "signal;handling=required",
        "Content-Type: application/isup;version=ansi\r\nContent-Disposition: "
        "signal;handling=optional",
        "Content-Type: application/rs-metadata+xml\r\nContent-Disposition: recording-session",
        "Content-Type: application/pidf+xml\r\nContent-ID: <a@b>",
        "Content-Type: application/vnd.own\r\nContent-Disposition: own;handling=optional",
        "Content-Type: application/vnd.own", "X: y"}) {
    const std::string ok = answer_beside_sdp(head);
    EXPECT_EQ(first_line(ok), "SIP/2.0 200 OK") << head;
    EXPECT_THAT(ok, HasSubstr("m=audio 9 RTP/AVP 0")) << head;
  }
}

TEST_F(AnswerUserOfParts, refuses_a_part_that_must_be_understood_and_is_not) {
  const std::string refused = answer_beside_sdp(
      "Content-Type: application/vnd.own\r\nContent-Disposition: own;handling=required");
  EXPECT_THAT(refused, StartsWith("SIP/2.0 415"));
  EXPECT_THAT(header_of(refused, "Accept"), HasSubstr("application/isup"));
}

TEST_F(AnswerUserOfParts, makes_an_offer_where_no_part_is_one) {
  EXPECT_EQ(first_line(answer_to_parts("--b--\r\n", "multipart/mixed;boundary=b")),
            "SIP/2.0 200 OK");
  EXPECT_EQ(first_line(answer_to_parts("--b\r\nContent-Type: application/pidf+xml\r\n\r\n\r\n--b--",
                                       "multipart/mixed;boundary=b")),
            "SIP/2.0 200 OK");
}

TEST_F(AnswerUserOfParts, refuses_what_cannot_be_split) {
  EXPECT_EQ(first_line(answer_to_parts("--c--\r\n", "multipart/mixed;boundary=b")),
            "SIP/2.0 400 Malformed Multipart Body");
  EXPECT_EQ(first_line(answer_to_parts("--c--\r\n", "multipart/mixed")),
            "SIP/2.0 400 Malformed Multipart Body");
}

TEST_F(AnswerUserTest, leaves_an_optional_body_aside) {
  receive(with_line(with_body(request_to("bob", "INVITE"), "hello", "text/plain"),
                    "Content-Disposition: render;handling=optional"));
  EXPECT_EQ(first_line(take_sent().back()), "SIP/2.0 200 OK");
}

}  // namespace
}  // namespace sipring::app::test
