// SPDX-License-Identifier: MIT
#include <sipring/core/message/body/multipart.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/core/message/texts.h"
#include "tests/support/sip_text.h"

namespace sipring {
namespace {

class MultipartSplitter : public ::testing::Test {
 protected:
  std::string_view hold(std::string_view text) { return edge_.hold(test::sip(text)); }
  std::vector<std::string> contents(std::string_view body, std::string_view boundary) {
    std::vector<std::string> contents;
    for (const Parsed<BodyPart>& part : split_multipart(body, boundary))
      contents.push_back(part ? std::string(part->content)
                              : std::string(to_string(part.error().code)));
    return contents;
  }
  testing::EdgeText edge_{0, 4096};
};

using Texts = std::vector<std::string>;

constexpr std::string_view two_parts = R"(
preamble
--b1  
Content-Type: application/sdp
Content-Length: 3

v=0
--b1
content-type : application/isup;
 version=nxv3
Content-ID: <1@a>
Content-Disposition: signal;handling=optional
Content-Transfer-Encoding: binary
X-Other: y

a
--b10
--b
--b1--
epilogue
)";

TEST_F(MultipartSplitter, splits_parts_and_reads_their_header_fields) {
  const Multipart multipart = split_multipart(hold(two_parts), "b1");
  EXPECT_EQ(multipart.preamble(), "preamble");
  auto part = multipart.begin();
  ASSERT_TRUE(*part);
  EXPECT_EQ((*part)->content_type, "application/sdp");
  EXPECT_EQ((*part)->content, "v=0");
  EXPECT_EQ((*part)->header("content-length"), "3");
  EXPECT_TRUE((*part)->forgiven.empty());
  ++part;
  ASSERT_TRUE(*part);
  EXPECT_EQ((*part)->content_type, "application/isup;\r\n version=nxv3");
  EXPECT_EQ((*part)->content_id, "<1@a>");
  EXPECT_EQ((*part)->content_disposition, "signal;handling=optional");
  EXPECT_EQ((*part)->content_transfer_encoding, "binary");
  EXPECT_EQ((*part)->header("x-other"), "y");
  EXPECT_EQ((*part)->header("x-none"), std::nullopt);
  EXPECT_EQ((*part)->content, "a\r\n--b10\r\n--b");  // delimiters of others are content
  ++part;
  EXPECT_TRUE(part == multipart.end());
  EXPECT_EQ(part.epilogue(), "epilogue\r\n");
}

TEST_F(MultipartSplitter, reads_a_part_without_header_fields_and_one_without_anything) {
  EXPECT_EQ(contents(hold("--b\n\ntext\n--b\n\n--b\n\n\n--b--"), "b"), (Texts{"text", "", ""}));
  EXPECT_EQ(contents(hold("--b\n--b\n--b--"), "b"), (Texts{"", ""}));
}

TEST_F(MultipartSplitter, keeps_the_line_endings_of_a_content) {
  EXPECT_EQ(contents(hold("--b\n\n\na\n\n--b--\n"), "b"), (Texts{"\r\na\r\n"}));
}

TEST_F(MultipartSplitter, forgives_a_missing_close_delimiter) {
  const auto list = split_multipart(hold("--b\n\none\n--b\n\ntwo\n"), "b");
  auto part = list.begin();
  EXPECT_TRUE(strictly(*part));
  ++part;
  ASSERT_TRUE(*part);
  EXPECT_EQ((*part)->content, "two\r\n");
  EXPECT_TRUE((*part)->forgiven.has(Forgiveness::no_close_delimiter));
  EXPECT_EQ(strictly(*part).error().code, ParseErrorCode::multipart);
  ++part;
  EXPECT_TRUE(part == list.end());
}

TEST_F(MultipartSplitter, forgives_lines_that_end_in_LF_alone) {
  const auto list = split_multipart(edge_.hold("--b\nContent-Type: a/b\n\none\n--b--\n"), "b");
  const auto part = list.begin();
  ASSERT_TRUE(*part);
  EXPECT_EQ((*part)->content_type, "a/b");
  EXPECT_EQ((*part)->content, "one");
  EXPECT_TRUE((*part)->forgiven.has(Forgiveness::bare_line_feed));
}

TEST_F(MultipartSplitter, takes_half_a_line_ending_at_the_end_for_one) {
  const auto list = split_multipart(edge_.hold("--b\r\n\r\none\r\n--b--\r"), "b");
  const auto part = list.begin();
  ASSERT_TRUE(strictly(*part));
  EXPECT_EQ((*part)->content, "one");
}

TEST_F(MultipartSplitter, refuses_what_has_no_delimiter) {
  for (const std::string_view body : {"text", "--bb\r\n", " --b\r\n", "--b-\r\n"})
    EXPECT_EQ(contents(edge_.hold(body), "b"), Texts{"multipart"}) << body;
  EXPECT_EQ(contents(hold("--\n\nx\n----"), ""), Texts{"multipart"});
  const std::string boundary(71, 'b');
  EXPECT_EQ(contents(hold("--" + boundary + "\n\nx\n"), boundary), Texts{"multipart"});
}

TEST_F(MultipartSplitter, forgives_that_there_is_no_part) {
  for (const std::string_view body : {"", "\r\n", "--b--", "before\r\n--b--\r\nbehind"}) {
    const Multipart list = split_multipart(edge_.hold(body), "b");
    const auto part = list.begin();
    EXPECT_TRUE(part == list.end()) << body;
    EXPECT_TRUE(part.forgiven().has(Forgiveness::no_body_part)) << body;
  }
  const Multipart list = split_multipart(edge_.hold("before\r\n--b--\r\nbehind"), "b");
  EXPECT_EQ(list.preamble(), "before");
  EXPECT_EQ(list.begin().epilogue(), "behind");
  EXPECT_EQ(list.begin().forgiven().first_offset(), 8U);
  EXPECT_TRUE(split_multipart(hold(two_parts), "b1").begin().forgiven().empty());
}

TEST_F(MultipartSplitter, notes_an_empty_multipart_among_the_leaves_of_another) {
  MultipartLeaves leaves(
      hold("--b\nContent-Type: multipart/mixed;boundary=c\n\n--c--\n--b\n\nz\n--b--"), "b");
  const auto only = leaves.next();
  ASSERT_TRUE(only && *only);
  EXPECT_EQ((*only)->content, "z");
  EXPECT_FALSE(leaves.next());
  EXPECT_TRUE(leaves.forgiven().has(Forgiveness::no_body_part));
  EXPECT_EQ(leaves.forgiven().first_offset(), 49U);
}

TEST_F(MultipartSplitter, goes_on_after_a_part_that_cannot_be_read) {
  const std::string_view body = hold("--b\nno colon\n\nx\n--b\n: y\n\n--b\n\nz\n--b--\n");
  EXPECT_EQ(contents(body, "b"), (Texts{"header_name", "header_name", "z"}));
  EXPECT_EQ((*split_multipart(body, "b").begin()).error().offset, 5U);
}

TEST_F(MultipartSplitter, finds_the_boundary_of_a_content_type) {
  EXPECT_EQ(multipart_boundary("multipart/mixed;boundary=b1"), "b1");
  EXPECT_EQ(multipart_boundary("Multipart/Related; type=a ; Boundary = \"a b\""), "a b");
  for (const std::string_view none :
       {"", "text/plain;boundary=b", "multipart/mixed", "multipart/mixed;a=b",
        "multipart/mixed;boundary=\"\"", "multipart/mixed;boundary=\"a\\\"b\""})
    EXPECT_EQ(multipart_boundary(none), std::nullopt) << none;
}

std::string nested(int depth) {
  const std::string boundary = "b" + std::to_string(depth);
  std::string text = "--" + boundary + "\n";
  if (depth == 1) {
    text += "\nleaf";
  } else {
    text += "Content-Type: multipart/mixed;boundary=b" + std::to_string(depth - 1) + "\n\n";
    text += nested(depth - 1);
  }
  return text + "\n--" + boundary + "\n\nafter\n--" + boundary + "--";
}

TEST_F(MultipartSplitter, finds_leaves_in_whatever_they_are_nested) {
  MultipartLeaves leaves(hold(nested(3)), "b3");
  std::vector<std::string> seen;
  while (const auto part = leaves.next())
    seen.push_back(std::to_string((*part)->depth) + std::string((*part)->content));
  EXPECT_EQ(seen, (Texts{"2leaf", "2after", "1after", "0after"}));
}

TEST_F(MultipartSplitter, goes_no_deeper_than_its_limit) {
  for (const std::uint32_t depth : {1U, 4U, MultipartLeaves::max_depth, 1'000U}) {
    const std::uint32_t limit = std::min(depth, MultipartLeaves::max_depth);
    const std::string_view body = hold(nested(static_cast<int>(limit) + 1));
    const std::string boundary = "b" + std::to_string(limit + 1);
    MultipartLeaves leaves(body, boundary, depth);
    const auto first = leaves.next();
    ASSERT_TRUE(first);
    ASSERT_FALSE(*first);
    EXPECT_EQ(first->error().code, ParseErrorCode::nesting_too_deep);
    EXPECT_EQ(body.substr(first->error().offset, 4), "--b1");
    std::uint32_t others = 0;
    while (const auto part = leaves.next()) others += part->has_value();
    EXPECT_EQ(others, limit);
  }
}

}  // namespace
}  // namespace sipring
