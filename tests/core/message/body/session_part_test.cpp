// SPDX-License-Identifier: MIT
#include <sipring/core/message/body/session_part.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/core/message/texts.h"
#include "tests/support/sip_text.h"

namespace sipring {
namespace {

constexpr std::string_view known[] = {"application/isup", "application/pidf+xml"};

class SessionPartOf : public ::testing::Test {
 protected:
  // "text", or "!type" of what is not understood, "none", or the error.
  std::string found(std::string_view body, std::string_view type = "multipart/mixed;boundary=b") {
    const auto part = find_session_part(edge_.hold(test::sip(body)), type, known);
    if (!part) return std::string(to_string(part.error().code));
    if (part->not_understood.data() != nullptr) return "!" + std::string(part->not_understood);
    return part->text.data() == nullptr ? "none" : std::string(part->text);
  }
  testing::EdgeText edge_{0, 4096};
};

TEST_F(SessionPartOf, a_mixed_body_is_its_first_session_description) {
  EXPECT_EQ(found("--b\nContent-Type: application/pidf+xml\n\n<a/>\n--b\nContent-Type: "
                  "Application/SDP ; charset=x y\n\nv=0\n--b\nc: application/sdp\n\nv=1\n--b--"),
            "v=0");
}

TEST_F(SessionPartOf, a_body_of_other_things_is_none) {
  EXPECT_EQ(found("--b--"), "none");
  EXPECT_EQ(found(""), "none");
  EXPECT_EQ(found("--b\nContent-Type: application/pidf+xml\n\n<a/>\n--b--"), "none");
}

TEST_F(SessionPartOf, a_description_for_something_else_is_none) {
  for (const std::string_view disposition :
       {"early-session", "early-session;handling=optional", "by-reference", "icon"})
    EXPECT_EQ(found("--b\nContent-Type: application/sdp\nContent-Disposition: " +
                    std::string(disposition) +
                    "\n\nv=0\n--b\nc: application/sdp\nContent-Disposition: "
                    "Session;handling=required\n\nv=1\n--b--"),
              "v=1")
        << disposition;
}

TEST_F(SessionPartOf, an_encoded_description_is_none) {
  EXPECT_EQ(found("--b\nContent-Type: application/sdp\nContent-Transfer-Encoding: "
                  "base64\n\ndj0w\n--b\nContent-Type: application/sdp\nContent-Transfer-Encoding: "
                  "8BIT\n\nv=0\n--b--"),
            "v=0");
}

std::string beside_sdp(std::string_view lines) {
  return "--b\n" + std::string(lines) + "\n\nx\n--b\nContent-Type: application/sdp\n\nv=0\n--b--";
}

TEST_F(SessionPartOf, what_stands_beside_is_passed_over_unless_its_handling_is_required) {
  const std::string own = "Content-Type: application/own;a=b";
  EXPECT_EQ(found(beside_sdp(own)), "v=0");
  EXPECT_EQ(found(beside_sdp(own + "\nContent-Disposition: own")), "v=0");
  EXPECT_EQ(found(beside_sdp(own + "\nContent-Disposition: own;handling=optional")), "v=0");
  EXPECT_EQ(found(beside_sdp(own + "\nContent-Disposition: own; Handling=Required")),
            "!application/own");
  EXPECT_EQ(found(beside_sdp("Content-Type: application/ISUP;version=x\nContent-Disposition: "
                             "signal;handling=required")),
            "v=0");
  EXPECT_EQ(found(beside_sdp("no colon")), "v=0");
}

TEST_F(SessionPartOf, a_body_of_which_nothing_is_understood_is_not_understood) {
  EXPECT_EQ(found("--b\nContent-Type: text/plain\n\nx\n--b--"), "!multipart/mixed");
}

TEST_F(SessionPartOf, an_alternative_is_its_last_part_that_is_understood) {
  const std::string_view body =
      "--b\nContent-Type: application/sdp\n\nv=0\n--b\nContent-Type: application/sdp\n\nv=1\n"
      "--b\nContent-Type: application/next-sdp\nContent-Disposition: "
      "session;handling=required\n\n{}\n--b--";
  EXPECT_EQ(found(body, "multipart/Alternative;boundary=b"), "v=1");
  EXPECT_EQ(found(body), "!application/next-sdp");
}

TEST_F(SessionPartOf, a_related_body_is_its_root_first) {
  const std::string_view body =
      "--b\nContent-Type: application/sdp\nContent-ID: <1@h>\n\nv=0\n"
      "--b\nContent-Type: application/sdp\nContent-ID: <2@h>\n\nv=1\n--b--";
  EXPECT_EQ(found(body, "multipart/related;boundary=b;start=\"<2@h>\";type=\"application/sdp\""),
            "v=1");
  EXPECT_EQ(found(body, "multipart/related;boundary=b"), "v=0");
  EXPECT_EQ(found(body, "multipart/related;boundary=b;start=\"<3@h>\""), "v=0");
  EXPECT_EQ(found("--b\nContent-Type: application/pidf+xml\n\nx\n"
                  "--b\nContent-Type: application/sdp\n\nv=1\n--b--",
                  "multipart/related;boundary=b"),
            "v=1");
}

TEST_F(SessionPartOf, an_unknown_multipart_is_read_as_mixed) {
  EXPECT_EQ(found(beside_sdp("Content-Type: text/plain"), "multipart/own;boundary=b"), "v=0");
}

std::string nested(std::string_view type, std::string_view disposition, std::string_view inner) {
  return "--b\nContent-Type: " + std::string(type) +
         ";boundary=c\nContent-Disposition: " + std::string(disposition) + "\n\n--c\n" +
         std::string(inner) + "\n--c--\n--b--";
}

TEST_F(SessionPartOf, multiparts_are_looked_into) {
  EXPECT_EQ(found(nested("multipart/alternative", "session",
                         "Content-Type: application/sdp\n\nv=0\n--c\nContent-Type: a/b\n\nx")),
            "v=0");
  const std::string_view required =
      "Content-Type: application/sdp\n\nv=0\n--c\nContent-Type: a/b\nContent-Disposition: "
      "x;handling=required\n\nx";
  EXPECT_EQ(found(nested("multipart/mixed", "render", required)), "!a/b");
  EXPECT_EQ(found(nested("multipart/mixed", "render;handling=required", required)), "!a/b");
  EXPECT_EQ(found(nested("multipart/mixed", "render;handling=optional", required)),
            "!multipart/mixed");
}

TEST_F(SessionPartOf, multiparts_that_are_nested_without_an_end_come_to_one) {
  std::string body = "Content-Type: application/sdp\n\nv=0\n";
  for (int level = 20; level > 0; --level) {
    const std::string boundary = "b" + std::to_string(level);
    body = "Content-Type: multipart/mixed;boundary=" + boundary + "\n\n--" + boundary + "\n" +
           body + "\n--" + boundary + "--";
  }
  EXPECT_EQ(found("--b\n" + body + "\n--b--"), "!multipart/mixed");
}

TEST_F(SessionPartOf, what_cannot_be_split_is_an_error) {
  EXPECT_EQ(found("text"), "multipart");
  EXPECT_EQ(found("--b--", "multipart/mixed"), "multipart");
}

TEST(IsMultipart, goes_by_the_type_without_case) {
  EXPECT_TRUE(is_multipart("Multipart/Mixed"));
  EXPECT_FALSE(is_multipart("multipart"));
  EXPECT_FALSE(is_multipart("text/plain"));
}

}  // namespace
}  // namespace sipring
