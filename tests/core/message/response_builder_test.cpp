// SPDX-License-Identifier: MIT
#include <sipring/core/message/response_builder.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>

#include "tests/core/message/parsed_message.h"

namespace sipring {
namespace {

using testing::ParsedMessage;

class ResponseBuilding : public ::testing::Test {
 protected:
  std::string text(ResponseBuilder& builder) {
    const Built built = builder.build(buffers_);
    EXPECT_TRUE(built) << to_string(built.error().problem) << to_string(built.error().header);
    return built ? std::string((*built)->view()) : "";
  }
  BuildError error(ResponseBuilder& builder) {
    const Built built = builder.build(buffers_);
    EXPECT_FALSE(built);
    return built ? BuildError{} : built.error();
  }

  BufferPool buffers_{1, *std::pmr::new_delete_resource()};
  ResponseBuilder builder_;
};

constexpr std::string_view answered_request = R"(
INVITE sip:bob@example.com SIP/2.0
v: SIP/2.0/UDP a;branch=z9hG4bK1,
 SIP/2.0/UDP b
Record-Route: <sip:p;lr>
Max-Forwards: 70
To: Bob <sip:bob@example.com>
From:   <sip:alice@example.com>;tag=1
Via: SIP/2.0/UDP c
Call-ID: x
CSeq: 1 INVITE
Timestamp: 54
Subject: not copied

)";

TEST_F(ResponseBuilding, copies_what_a_response_has_of_its_request) {
  const ParsedMessage request(answered_request);
  EXPECT_EQ(text(builder_.start(request, 180).to_tag("t")), test::sip(R"(
SIP/2.0 180 Ringing
v: SIP/2.0/UDP a;branch=z9hG4bK1,
 SIP/2.0/UDP b
Record-Route: <sip:p;lr>
To: Bob <sip:bob@example.com>;tag=t
From:   <sip:alice@example.com>;tag=1
Via: SIP/2.0/UDP c
Call-ID: x
CSeq: 1 INVITE
Content-Length: 0

)"));
}

TEST_F(ResponseBuilding, copies_Timestamp_into_a_100_and_routes_into_what_makes_a_dialog) {
  const ParsedMessage request(answered_request);
  const std::string trying = text(builder_.start(request, 100));
  EXPECT_EQ(test::header_of(trying, "Timestamp"), "54");
  EXPECT_EQ(test::header_of(trying, "Record-Route"), "(none)");
  const std::string busy = text(builder_.start(request, 486).to_tag("t"));
  EXPECT_EQ(test::header_of(busy, "Record-Route"), "(none)");
  EXPECT_EQ(test::header_of(busy, "Timestamp"), "(none)");
}

TEST_F(ResponseBuilding, wants_a_tag_but_not_in_a_100_and_leaves_one_that_is_there) {
  const ParsedMessage request(answered_request);
  EXPECT_EQ(error(builder_.start(request, 404)),
            (BuildError{BuildProblem::missing_tag, HeaderId::to}));
  EXPECT_EQ(error(builder_.start(request, 404).to_tag("a;b")),
            (BuildError{BuildProblem::malformed, HeaderId::to}));
  const ParsedMessage within(test::replaced(std::string(answered_request), "bob@example.com>\nFrom",
                                            "bob@example.com>;tag=9\nFrom"));
  EXPECT_EQ(test::header_of(text(builder_.start(within, 404).to_tag("t")), "To"),
            "Bob <sip:bob@example.com>;tag=9");
}

struct LackingResponse {
  std::uint16_t status;
  std::string_view method;
  HeaderId header;
};

TEST_F(ResponseBuilding, names_the_header_field_that_is_missing) {
  constexpr LackingResponse lacking[] = {
      {200, "INVITE", HeaderId::contact},
      {401, "INVITE", HeaderId::www_authenticate},
      {405, "OPTIONS", HeaderId::allow},
      {407, "BYE", HeaderId::proxy_authenticate},
      {420, "INVITE", HeaderId::unsupported},
      {421, "INVITE", HeaderId::require},
      {422, "INVITE", HeaderId::min_se},
      {423, "REGISTER", HeaderId::min_expires},
      {489, "SUBSCRIBE", HeaderId::allow_events},
      {200, "SUBSCRIBE", HeaderId::expires},
      {200, "PUBLISH", HeaderId::sip_etag},
      {494, "REGISTER", HeaderId::security_server},
      {200, "UPDATE", HeaderId::contact},
      {202, "REFER", HeaderId::contact},
      {200, "BYE", HeaderId::via},
      {200, "BYE", HeaderId::cseq},
  };
  for (const LackingResponse& row : lacking) {
    std::string wire(answered_request);
    for (int i = 0; i < 2; ++i) wire.replace(wire.find("INVITE"), 6, row.method);
    const ParsedMessage request(wire);
    builder_.start(request, row.status).to_tag("t").contact("<sip:b@192.0.2.2>");
    for (const HeaderId id :
         {HeaderId::www_authenticate, HeaderId::allow, HeaderId::proxy_authenticate,
          HeaderId::unsupported, HeaderId::require, HeaderId::min_se, HeaderId::allow_events,
          HeaderId::sip_etag, HeaderId::security_server})
      builder_.append(id, "x");
    builder_.append(HeaderId::expires, 60).append(HeaderId::min_expires, 60);
    EXPECT_EQ(error(builder_.remove(row.header)), (BuildError{BuildProblem::missing, row.header}))
        << row.status << row.method;
  }
}

TEST_F(ResponseBuilding, writes_another_phrase_and_a_body) {
  const ParsedMessage request(answered_request);
  builder_.start(request, 299).to_tag("t").contact("<sip:b@192.0.2.2>").reason("Schön");
  const std::string wire = text(builder_.body("text/plain", "hello"));
  EXPECT_EQ(test::first_line(wire), "SIP/2.0 299 Schön");
  EXPECT_TRUE(wire.ends_with("Content-Length: 5\r\n\r\nhello"));
  EXPECT_EQ(error(builder_.start(request, 404).to_tag("t").reason("a\r\nX: y")).problem,
            BuildProblem::line_break);
  EXPECT_EQ(error(builder_.start(request, 700)).problem, BuildProblem::start_line);
  EXPECT_EQ(error(builder_.start(99)).problem, BuildProblem::start_line);
}

}  // namespace
}  // namespace sipring
