// SPDX-License-Identifier: MIT
#include <sipring/core/message/request_builder.h>

#include <sipring/core/message/envelope.h>

#include <gtest/gtest.h>

#include <array>
#include <memory_resource>
#include <string>
#include <vector>

#include "tests/core/message/parsed_message.h"

namespace sipring {
namespace {

using testing::ParsedMessage;

class RequestBuilding : public ::testing::Test {
 protected:
  RequestBuilder& start(Method method) {
    return builder_.start(method, "sip:bob@example.com")
        .via(Transport::udp, "192.0.2.1:5060", "z9hG4bK1")
        .from("Alice <sip:alice@example.com>", "a1")
        .to("<sip:bob@example.com>")
        .call_id("c1")
        .cseq(7);
  }
  std::string text(RequestBuilder& builder) {
    const Built built = builder.build(buffers_);
    EXPECT_TRUE(built) << to_string(built.error().problem) << to_string(built.error().header);
    return built ? std::string((*built)->view()) : "";
  }
  BuildError error(RequestBuilder& builder) {
    const Built built = builder.build(buffers_);
    EXPECT_FALSE(built);
    return built ? BuildError{} : built.error();
  }

  BufferPool buffers_{1, *std::pmr::new_delete_resource()};
  RequestBuilder builder_;
};

TEST_F(RequestBuilding, writes_what_was_given_in_its_order) {
  EXPECT_EQ(text(start(Method::options).append("X-Trace", "1").append(HeaderId::expires, 30)),
            test::sip(R"(
OPTIONS sip:bob@example.com SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport
Max-Forwards: 70
From: Alice <sip:alice@example.com>;tag=a1
To: <sip:bob@example.com>
Call-ID: c1
CSeq: 7 OPTIONS
X-Trace: 1
Expires: 30
Content-Length: 0

)"));
}

TEST_F(RequestBuilding, writes_a_body_with_its_type_and_length) {
  const std::string wire =
      text(start(Method::invite).contact("<sip:alice@192.0.2.1>").body("application/sdp", "v=0"));
  EXPECT_TRUE(wire.ends_with("Content-Type: application/sdp\r\nContent-Length: 3\r\n\r\nv=0"));
}

TEST_F(RequestBuilding, writes_compact_names) {
  const std::string wire = text(start(Method::options).append("X-A", "y").names(NameForm::compact));
  EXPECT_NE(wire.find("\r\nv: SIP/2.0/UDP"), std::string::npos);
  EXPECT_NE(wire.find("\r\nX-A: y\r\nl: 0\r\n"), std::string::npos);
  EXPECT_NE(wire.find("\r\nMax-Forwards: 70\r\n"), std::string::npos);
}

struct Lacking {
  Method method;
  HeaderId header;
};

TEST_F(RequestBuilding, names_the_header_field_that_is_missing) {
  constexpr Lacking lacking[] = {
      {Method::options, HeaderId::via},          {Method::options, HeaderId::from},
      {Method::options, HeaderId::to},           {Method::options, HeaderId::call_id},
      {Method::options, HeaderId::cseq},         {Method::invite, HeaderId::contact},
      {Method::update, HeaderId::contact},       {Method::subscribe, HeaderId::event},
      {Method::refer, HeaderId::refer_to},       {Method::prack, HeaderId::rack},
      {Method::publish, HeaderId::event},        {Method::notify, HeaderId::subscription_state},
      {Method::message, HeaderId::content_type},
  };
  for (const Lacking& row : lacking) {
    start(row.method).contact("<sip:a@192.0.2.1>").append(HeaderId::refer_to, "<sip:c@d>");
    builder_.append(HeaderId::rack, "1 1 INVITE").append(HeaderId::event, "x");
    builder_.append(HeaderId::subscription_state, "active").body("text/plain", "hi");
    const BuildError found = error(builder_.remove(row.header));
    EXPECT_EQ(found, (BuildError{BuildProblem::missing, row.header}))
        << to_string(row.method) << " " << to_string(found.header);
  }
}

TEST_F(RequestBuilding, wants_tag_branch_and_one_method) {
  EXPECT_EQ(error(start(Method::options).from("<sip:a@b>")),
            (BuildError{BuildProblem::missing_tag, HeaderId::from}));
  EXPECT_EQ(error(start(Method::options).via(Transport::tcp, "192.0.2.1", "1")),
            (BuildError{BuildProblem::missing_branch, HeaderId::via}));
  EXPECT_EQ(error(start(Method::options).replace(HeaderId::cseq, "7 INVITE")),
            (BuildError{BuildProblem::contradiction, HeaderId::cseq}));
  EXPECT_EQ(error(start(Method::options).append(HeaderId::call_id, "c2")),
            (BuildError{BuildProblem::repeated, HeaderId::call_id}));
}

TEST_F(RequestBuilding, lets_nothing_be_smuggled_in) {
  const auto problem = [&](std::string_view name, std::string_view value) {
    return error(start(Method::options).append(name, value)).problem;
  };
  EXPECT_EQ(problem("Subject", "x\r\nEvil: 1"), BuildProblem::line_break);
  EXPECT_EQ(problem("Subject", "x\nEvil: 1"), BuildProblem::line_break);
  EXPECT_EQ(problem("Subject", "x\r\n folded"), BuildProblem::line_break);
  EXPECT_EQ(problem("Subject", std::string_view("x\0y", 3)), BuildProblem::malformed);
  EXPECT_EQ(problem("Sub ject", "x"), BuildProblem::bad_name);
  EXPECT_EQ(problem("Evil: 1\r\nSubject", "x"), BuildProblem::bad_name);
  EXPECT_EQ(problem("", "x"), BuildProblem::bad_name);
  EXPECT_EQ(problem("Content-Length", "3"), BuildProblem::computed);
  EXPECT_EQ(problem("l", "3"), BuildProblem::computed);
  EXPECT_EQ(problem("Contact", "<sip:a b>"), BuildProblem::malformed);
  EXPECT_EQ(problem("Via", "SIP/2.0/UDP a, b"), BuildProblem::malformed);
  EXPECT_EQ(problem("Max-Forwards", "256"), BuildProblem::malformed);
}

TEST_F(RequestBuilding, lets_no_part_of_a_typed_value_become_another) {
  Via via;
  via.transport = "UDP";
  via.host = "a;branch=z9hG4bKevil";
  EXPECT_EQ(error(start(Method::options).via(via)).problem, BuildProblem::malformed);
  Uri uri;
  uri.scheme = Uri::Scheme::sip;
  uri.user = "bob@evil";
  uri.host = "example.com";
  EXPECT_EQ(error(start(Method::options).contact(uri)).problem, BuildProblem::malformed);
  uri.user = "bob";
  uri.parameters = ";lr>;x=<";
  EXPECT_EQ(error(start(Method::options).request_uri(uri)).problem, BuildProblem::start_line);
  EXPECT_EQ(error(start(Method::options).request_uri("sip:a SIP/2.0\r\nX: y")).problem,
            BuildProblem::start_line);
  EXPECT_EQ(error(builder_.start("IN VITE", "sip:a")).problem, BuildProblem::start_line);
  Address address;
  address.uri.text = "sip:a@b";
  address.parameters = ";tag=1";
  address.tag = "2";  // contradicts
  EXPECT_EQ(error(start(Method::options).from(address)).problem, BuildProblem::malformed);
}

TEST_F(RequestBuilding, writes_typed_values_from_their_parts) {
  Address address;
  address.display_name = "\"A. B\"";
  address.uri.scheme = Uri::Scheme::sips;
  address.uri.user = "a";
  address.uri.password = "p";
  address.uri.host = "[2001:db8::1]";
  address.uri.port = 5061;
  address.uri.parameters = ";user=phone";
  address.uri.headers = "subject=x";
  address.parameters = ";q=0.5";
  address.tag = "t";
  const std::string wire = text(start(Method::options).from(address).request_uri(address.uri));
  EXPECT_TRUE(wire.starts_with("OPTIONS sips:a:p@[2001:db8::1]:5061;user=phone?subject=x SIP/2.0"));
  EXPECT_EQ(test::header_of(wire, "From"),
            "\"A. B\" <sips:a:p@[2001:db8::1]:5061;user=phone?subject=x>;q=0.5;tag=t");
}

TEST_F(RequestBuilding, writes_a_parsed_value_back) {
  const auto via = parse_via("SIP/2.0/UDP h:1;a=b;rport=5;received=192.0.2.7;branch=z9hG4bKx");
  ASSERT_TRUE(via);
  EXPECT_EQ(test::header_of(text(start(Method::options).via(*via)), "Via"), via->text);
}

TEST_F(RequestBuilding, tells_when_its_room_or_its_places_are_used_up) {
  const std::string large(RequestBuilder::own_room, 'x');
  EXPECT_EQ(error(start(Method::options).append("X-A", large)).problem, BuildProblem::room_full);
  start(Method::options);
  for (std::uint32_t i = 0; i < HeaderList::capacity; ++i) builder_.append("X-A", "");
  EXPECT_EQ(error(builder_).problem, BuildProblem::too_many_headers);
}

TEST_F(RequestBuilding, tells_when_a_message_is_too_large_or_there_is_no_buffer) {
  const std::string large(65'500, 'x');
  EXPECT_EQ(error(start(Method::options).body("text/plain", large)).problem,
            BuildProblem::too_large);
  buffers_.fail_nth_acquire(1);
  EXPECT_EQ(error(start(Method::options)).problem, BuildProblem::no_buffers);
  std::array<char, 64> small;
  EXPECT_EQ(start(Method::options).build(small).error().problem, BuildProblem::too_large);
}

TEST_F(RequestBuilding, keeps_the_first_mistake_and_forgets_it_at_the_next_start) {
  start(Method::options).append("X-A", "\n").from("nonsense <");
  EXPECT_EQ(error(builder_), (BuildError{BuildProblem::line_break, HeaderId::extension}));
  EXPECT_NE(text(start(Method::options)), "");
}

TEST_F(RequestBuilding, writes_a_CANCEL_of_an_INVITE) {
  const ParsedMessage invite(R"(
INVITE sip:bob@biloxi.example.com SIP/2.0
Via: SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/UDP b;branch=z9hG4bK2
Via: SIP/2.0/UDP c;branch=z9hG4bK3
Max-Forwards: 20
Route: <sip:p1;lr>, <sip:p2;lr>
From: <sip:alice@atlanta.example.com>;tag=1
To: <sip:bob@biloxi.example.com>
Call-ID: x
CSeq: 12 INVITE
Contact: <sip:alice@a>

)");
  EXPECT_EQ(text(builder_.start_cancel(invite)), test::sip(R"(
CANCEL sip:bob@biloxi.example.com SIP/2.0
Via: SIP/2.0/UDP a;branch=z9hG4bK1
Max-Forwards: 70
Route: <sip:p1;lr>, <sip:p2;lr>
From: <sip:alice@atlanta.example.com>;tag=1
To: <sip:bob@biloxi.example.com>
Call-ID: x
CSeq: 12 CANCEL
Content-Length: 0

)"));
}

constexpr std::string_view a_dialog = R"(
SIP/2.0 200 OK
Via: SIP/2.0/UDP a;branch=z9hG4bK1
Record-Route: <sip:p3;lr>, <sip:p2;lr>
Record-Route: <sip:p1;lr>
From: <sip:alice@atlanta.example.com>;tag=1
To: <sip:bob@biloxi.example.com>;tag=2
Call-ID: x
CSeq: 12 INVITE
Contact: <sip:bob@192.0.2.4>

)";

TEST_F(RequestBuilding, writes_the_ACK_of_a_refusal_with_the_To_of_the_response) {
  const ParsedMessage invite(testing::an_invite);
  const ParsedMessage response(a_dialog);
  const std::string wire = text(builder_.start_ack(invite, response));
  EXPECT_EQ(test::first_line(wire), "ACK sip:bob@biloxi.example.com SIP/2.0");
  EXPECT_EQ(test::header_of(wire, "Via"), invite->first(HeaderId::via));
  EXPECT_EQ(test::header_of(wire, "To"), "<sip:bob@biloxi.example.com>;tag=2");
  EXPECT_EQ(test::header_of(wire, "CSeq"), "1 ACK");
}

TEST_F(RequestBuilding, follows_loose_routes_within_a_dialog) {
  const ParsedMessage response(a_dialog);
  builder_.start_in_dialog(Method::bye, response, 13).via(Transport::udp, "a", "z9hG4bK2");
  EXPECT_EQ(text(builder_), test::sip(R"(
BYE sip:bob@192.0.2.4 SIP/2.0
Via: SIP/2.0/UDP a;branch=z9hG4bK2;rport
Max-Forwards: 70
Route: <sip:p1;lr>
Route: <sip:p2;lr>
Route: <sip:p3;lr>
From: <sip:alice@atlanta.example.com>;tag=1
To: <sip:bob@biloxi.example.com>;tag=2
Call-ID: x
CSeq: 13 BYE
Content-Length: 0

)"));
}

TEST_F(RequestBuilding, gives_the_Request_URI_to_a_strict_router) {
  const ParsedMessage response(test::replaced(std::string(a_dialog), "<sip:p1;lr>", "<sip:p1>"));
  builder_.start_in_dialog(Method::ack, response, 12).via(Transport::udp, "a", "z9hG4bK2");
  const std::string wire = text(builder_);
  EXPECT_EQ(test::first_line(wire), "ACK sip:p1 SIP/2.0");
  EXPECT_NE(wire.find("Route: <sip:p2;lr>\r\nRoute: <sip:p3;lr>\r\nRoute: <sip:bob@192.0.2.4>\r\n"),
            std::string::npos);
}

TEST_F(RequestBuilding, needs_a_remote_target_within_a_dialog) {
  const ParsedMessage response(
      test::replaced(std::string(a_dialog), "Contact: <sip:bob@192.0.2.4>\n", ""));
  EXPECT_EQ(error(builder_.start_in_dialog(Method::bye, response, 13)),
            (BuildError{BuildProblem::missing, HeaderId::contact}));
}

TEST_F(RequestBuilding, gives_the_engine_what_it_sends) {
  std::array<HeaderLine, 8> lines;
  const auto request = start(Method::invite).contact("<sip:a@192.0.2.1>").request(lines);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, "INVITE");
  EXPECT_EQ(request->headers.size(), 6U);  // without Via and Content-Length
  EXPECT_TRUE(is_writable(*request));
  EXPECT_EQ(start(Method::options).request(std::span(lines).first(4)).error().problem,
            BuildProblem::too_many_headers);
}

TEST_F(RequestBuilding, makes_what_the_engine_can_read) {
  ParsedMessage read;
  read.read(text(start(Method::options)));
  Envelope envelope;
  EXPECT_TRUE(read_envelope(read, envelope));
  EXPECT_EQ(envelope.from_tag, "a1");
  EXPECT_EQ(envelope.cseq.number, 7U);
}

}  // namespace
}  // namespace sipring
