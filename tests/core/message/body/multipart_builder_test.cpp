// SPDX-License-Identifier: MIT
#include <sipring/core/message/body/multipart_builder.h>

#include <sipring/core/message/body/multipart.h>

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/support/sip_text.h"

namespace sipring {
namespace {

TEST(MultipartBuilding, writes_what_the_splitter_reads) {
  std::array<char, 512> room;
  const HeaderLine more[] = {{"Content-ID", "<1@a>"}, {"Content-Disposition", "signal"}};
  MultipartBuilder builder(room, "mixed", "b1");
  const auto body = builder.part("application/sdp", "v=0\r\n").part("x/y", "", more).finish();
  ASSERT_TRUE(body);
  EXPECT_EQ(body->content_type, "multipart/mixed;boundary=\"b1\"");
  EXPECT_EQ(body->text, test::sip(R"(
--b1
Content-Type: application/sdp

v=0

--b1
Content-Type: x/y
Content-ID: <1@a>
Content-Disposition: signal


--b1--
)"));
  const auto boundary = multipart_boundary(body->content_type);
  ASSERT_TRUE(boundary);
  const auto parts = split_multipart(body->text, *boundary);
  auto part = parts.begin();
  ASSERT_TRUE(strictly(*part));
  EXPECT_EQ((*part)->content, "v=0\r\n");
  ++part;
  ASSERT_TRUE(strictly(*part));
  EXPECT_EQ((*part)->content, "");
  EXPECT_EQ((*part)->content_id, "<1@a>");
  ++part;
  EXPECT_TRUE(part == parts.end());
}

TEST(MultipartBuilding, tells_mistakes) {
  std::array<char, 128> room;
  const auto problem = [](MultipartBuilder& builder) { return builder.finish().error().problem; };
  MultipartBuilder none(room, "mixed", "b1");
  EXPECT_EQ(problem(none), BuildProblem::missing);
  MultipartBuilder occurs(room, "mixed", "b1");
  EXPECT_EQ(problem(occurs.part("a/b", "x b1 y")), BuildProblem::contradiction);
  MultipartBuilder smuggles(room, "mixed", "b1");
  EXPECT_EQ(problem(smuggles.part("a/b\r\nX: y", "")), BuildProblem::line_break);
  const HeaderLine bad_name[] = {{"X Y", ""}};
  MultipartBuilder names(room, "mixed", "b1");
  EXPECT_EQ(problem(names.part("a/b", "", bad_name)), BuildProblem::bad_name);
  MultipartBuilder large(room, "mixed", "b1");
  EXPECT_EQ(problem(large.part("a/b", std::string(200, 'x'))), BuildProblem::room_full);
  MultipartBuilder boundary(room, "mixed", "b 1");
  EXPECT_EQ(problem(boundary.part("a/b", "")), BuildProblem::malformed);
}

}  // namespace
}  // namespace sipring
