// SPDX-License-Identifier: MIT
#include <sipring/core/message/message_edit.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>
#include <vector>

#include "tests/core/message/parsed_message.h"

namespace sipring {
namespace {

using test::replaced;
using testing::ParsedMessage;

constexpr std::string_view a_request = R"(
INVITE sip:bob@example.com SIP/2.0
Via: SIP/2.0/UDP a;branch=z9hG4bK1
Via:  SIP/2.0/UDP b;branch=z9hG4bK2
Route: <sip:p1;lr> ,
  <sip:p2;lr>, <sip:p3;lr>
Route: <sip:p4;lr>
Max-Forwards: 10
From: <sip:alice@example.com>;tag=1
To: Bob <sip:bob@example.com>
Record-Route: <sip:before;lr>
Call-ID: x
CSeq: 1 INVITE
Contact: <sip:alice@a>
Subject: one
x-odd :   spaced
Subject: two
Content-Type: text/plain
Content-Length: 5

hello)";

class Editing : public ::testing::Test {
 protected:
  MessageEdit& start() { return edit_.start(request_); }
  // The text that the edits lead to, with line endings for humans.
  std::string text() {
    const Built built = edit_.write(buffers_);
    EXPECT_TRUE(built) << to_string(built.error().problem);
    if (!built) return "";
    ParsedMessage read;
    read.read((*built)->view());
    std::string human;
    for (const char c : (*built)->view())
      if (c != '\r') human += c;
    return human;
  }
  BuildProblem problem() {
    const Built built = edit_.write(buffers_);
    EXPECT_FALSE(built);
    return built ? BuildProblem::missing : built.error().problem;
  }
  static std::string changed(std::string_view from, std::string_view to) {
    const std::string text(a_request.substr(1));
    EXPECT_NE(text.find(from), std::string::npos);
    return replaced(text, from, to);
  }

  ParsedMessage request_{a_request};
  BufferPool buffers_{1, *std::pmr::new_delete_resource()};
  MessageEdit edit_;
};

TEST_F(Editing, a_proxy_forwards_a_request) {
  start().request_uri("sip:bob@192.0.2.4").decrement_max_forwards().pop_route();
  edit_.record_route("<sip:proxy.example.com;lr>")
      .via(Transport::tcp, "[2001:db8::1]:5070", "z9hG4bK9");
  std::string wanted = changed("sip:bob@example.com SIP", "sip:bob@192.0.2.4 SIP");
  wanted = replaced(wanted, "Max-Forwards: 10", "Max-Forwards: 9");
  wanted = replaced(wanted, "<sip:p1;lr> ,\n  ", "");
  wanted =
      replaced(wanted, "Record-Route", "Record-Route: <sip:proxy.example.com;lr>\nRecord-Route");
  wanted = replaced(wanted, "Via", "Via: SIP/2.0/TCP [2001:db8::1]:5070;branch=z9hG4bK9\nVia");
  EXPECT_EQ(text(), wanted);
}

TEST_F(Editing, a_server_stamps_the_via_that_is_the_topmost) {
  const std::string_view top = *request_->first(HeaderId::via);
  const Edit edits[] = {{top.substr(top.size()), ";received=192.0.2.1"}};
  start().via(Transport::udp, "c", "z9hG4bK9", ";oc").stamp_via(edits);
  EXPECT_EQ(text(), changed("Via: SIP/2.0/UDP a;branch=z9hG4bK1",
                            "Via: SIP/2.0/UDP c;oc;branch=z9hG4bK9;rport\n"
                            "Via: SIP/2.0/UDP a;branch=z9hG4bK1;received=192.0.2.1"));
}

TEST_F(Editing, a_length_is_added_where_there_is_none) {
  start().content_length();
  EXPECT_EQ(text(), a_request.substr(1));
  const ParsedMessage without(replaced(std::string(a_request), "Content-Length: 5\n", ""));
  edit_.start(without).content_length();
  EXPECT_EQ(text(), a_request.substr(1));
}

TEST_F(Editing, pieces_are_views_into_the_message_and_none_is_empty) {
  const auto pieces = start().decrement_max_forwards().pop_route().pieces();
  ASSERT_TRUE(pieces);
  EXPECT_EQ(pieces->size(), 4U);  // before, behind, and between; the new number
  const std::string_view bytes = request_->bytes();
  std::size_t borrowed = 0;
  for (const std::string_view piece : *pieces) {
    EXPECT_FALSE(piece.empty());
    if (piece.data() >= bytes.data() && piece.data() < bytes.data() + bytes.size())
      borrowed += piece.size();
  }
  EXPECT_EQ(borrowed, bytes.size() - std::string("<sip:p1;lr> ,\r\n  ").size() - 2);
}

TEST_F(Editing, routes_are_popped_one_after_the_other) {
  start().pop_route().pop_route();
  EXPECT_EQ(text(), changed("<sip:p1;lr> ,\n  <sip:p2;lr>, ", ""));
  start().pop_route().pop_route().pop_route();
  EXPECT_EQ(text(), changed("Route: <sip:p1;lr> ,\n  <sip:p2;lr>, <sip:p3;lr>\n", ""));
  start().pop_route().pop_route().pop_route().pop_route();
  EXPECT_EQ(text(),
            changed("Route: <sip:p1;lr> ,\n  <sip:p2;lr>, <sip:p3;lr>\nRoute: <sip:p4;lr>\n", ""));
  edit_.pop_route();
  EXPECT_EQ(edit_.error(), (BuildError{BuildProblem::absent, HeaderId::route}));
}

TEST_F(Editing, a_Via_is_popped_from_a_response) {
  const ParsedMessage response(R"(
SIP/2.0 200 OK
Via: SIP/2.0/UDP a;branch=z9hG4bK1 ,SIP/2.0/UDP b
v: SIP/2.0/UDP c
To: <sip:a>

)");
  edit_.start(response).pop_via();
  EXPECT_EQ(text(), "SIP/2.0 200 OK\nVia: SIP/2.0/UDP b\nv: SIP/2.0/UDP c\nTo: <sip:a>\n\n");
  edit_.pop_via();
  EXPECT_EQ(text(), "SIP/2.0 200 OK\nv: SIP/2.0/UDP c\nTo: <sip:a>\n\n");
  edit_.pop_via();
  EXPECT_EQ(text(), "SIP/2.0 200 OK\nTo: <sip:a>\n\n");
}

TEST_F(Editing, what_is_prepended_twice_stands_in_reverse_order) {
  start().record_route("<sip:in;lr>").record_route("<sip:out;lr>");
  EXPECT_EQ(text(), changed("Record-Route",
                            "Record-Route: <sip:out;lr>\nRecord-Route: <sip:in;lr>\nRecord-Route"));
  start().append("X-A", "1").append("X-B", "2");
  EXPECT_EQ(text(), changed("Content-Length: 5\n", "Content-Length: 5\nX-A: 1\nX-B: 2\n"));
}

TEST_F(Editing, what_is_absent_comes_behind_the_Vias) {
  const ParsedMessage bare("OPTIONS sip:a SIP/2.0\nVia: SIP/2.0/UDP a\nTo: <sip:a>\n\n");
  edit_.start(bare).decrement_max_forwards().record_route("<sip:p;lr>");
  EXPECT_EQ(text(),
            "OPTIONS sip:a SIP/2.0\nVia: SIP/2.0/UDP a\nRecord-Route: <sip:p;lr>\n"
            "Max-Forwards: 70\nTo: <sip:a>\n\n");
  const ParsedMessage none("OPTIONS sip:a SIP/2.0\n\n");
  edit_.start(none).append("X-A", "2").via(Transport::tcp, "b", "z9hG4bK1");
  EXPECT_EQ(text(), "OPTIONS sip:a SIP/2.0\nVia: SIP/2.0/TCP b;branch=z9hG4bK1\nX-A: 2\n\n");
}

TEST_F(Editing, header_fields_are_replaced_and_removed) {
  start()
      .replace(HeaderId::subject, "new")
      .remove("X-Odd")
      .remove(HeaderId::contact)
      .remove("X-No");
  std::string wanted = changed("Subject: one\nx-odd :   spaced\nSubject: two\n", "Subject: new\n");
  EXPECT_EQ(text(), replaced(wanted, "Contact: <sip:alice@a>\n", ""));
  start().replace_at(1, "SIP/2.0/UDP c").remove_at(0);
  wanted = changed("Via: SIP/2.0/UDP a;branch=z9hG4bK1\n", "");
  EXPECT_EQ(text(), replaced(wanted, "Via:  SIP/2.0/UDP b;branch=z9hG4bK2", "Via: SIP/2.0/UDP c"));
  start().replace("Priority", "urgent");
  EXPECT_EQ(text(), changed("Content-Length: 5\n", "Content-Length: 5\nPriority: urgent\n"));
}

TEST_F(Editing, a_body_is_replaced_with_its_type_and_length) {
  start().body("application/sdp", "v=0");
  EXPECT_EQ(text(), changed("text/plain\nContent-Length: 5\n\nhello",
                            "application/sdp\nContent-Length: 3\n\nv=0"));
  const ParsedMessage bare("OPTIONS sip:a SIP/2.0\nTo: <sip:a>\n\n");
  edit_.start(bare).body("text/plain", "hi");
  EXPECT_EQ(text(),
            "OPTIONS sip:a SIP/2.0\nTo: <sip:a>\nContent-Type: text/plain\n"
            "Content-Length: 2\n\nhi");
  edit_.body("text/plain", "ho");
  EXPECT_EQ(problem(), BuildProblem::overlap);
}

TEST_F(Editing, mistakes_are_told) {
  start().remove(HeaderId::route).pop_route();
  EXPECT_EQ(problem(), BuildProblem::overlap);
  start().decrement_max_forwards().decrement_max_forwards();
  EXPECT_EQ(problem(), BuildProblem::overlap);
  start().append("X-A", "a\r\nEvil: b");
  EXPECT_EQ(problem(), BuildProblem::line_break);
  start().via(Transport::udp, "b:99999", "z9hG4bK1");
  EXPECT_EQ(problem(), BuildProblem::malformed);
  start().append("Content-Length", 3);
  EXPECT_EQ(problem(), BuildProblem::computed);
  start().remove(HeaderId::content_length);
  EXPECT_EQ(problem(), BuildProblem::computed);
  start().remove_at(99);
  EXPECT_EQ(problem(), BuildProblem::absent);
  start().append("X-A", std::string(MessageEdit::own_room, 'x'));
  EXPECT_EQ(problem(), BuildProblem::room_full);
  start();
  for (std::uint32_t i = 0; i <= MessageEdit::capacity; ++i) edit_.append("X-A", "y");
  EXPECT_EQ(problem(), BuildProblem::too_many_headers);
  start();
  buffers_.fail_nth_acquire(1);
  EXPECT_EQ(problem(), BuildProblem::no_buffers);
  const ParsedMessage last("OPTIONS sip:a SIP/2.0\nMax-Forwards: 0\n\n");
  edit_.start(last).decrement_max_forwards();
  EXPECT_EQ(problem(), BuildProblem::no_hops_left);
}

}  // namespace
}  // namespace sipring
