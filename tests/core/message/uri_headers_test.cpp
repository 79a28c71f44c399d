// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri_headers.h>

#include <sipring/core/message/header/dialog_reference.h>
#include <sipring/core/message/header/history_info.h>
#include <sipring/core/message/header/reason.h>
#include <sipring/core/message/header/refer_to.h>

#include <gtest/gtest.h>

#include <array>

namespace sipring {
namespace {

TEST(UriHeaders, are_found_by_name) {
  EXPECT_EQ(uri_header("Subject=hi%20there&Priority=urgent", "priority"), "urgent");
  EXPECT_EQ(uri_header("Subject=hi%20there&Priority=urgent", "Subject"), "hi%20there");
  EXPECT_EQ(uri_header("a=&b=1", "a"), "");
  EXPECT_EQ(uri_header("a=1&b=2", "c"), std::nullopt);
  EXPECT_EQ(uri_header("ab=1", "a"), std::nullopt);
  EXPECT_EQ(uri_header("", "a"), std::nullopt);
}

TEST(UriHeaders, without_escapes_are_themselves) {
  constexpr std::string_view text = "history";
  EXPECT_EQ(unescaped_header(text, {})->data(), text.data());
}

TEST(UriHeaders, lose_their_escapes_in_room_that_is_large_enough) {
  std::array<char, 8> room;
  EXPECT_EQ(unescaped_header("a%3Bb%3d%25", room), "a;b=%");
  EXPECT_EQ(unescaped_header("100%", room), "100%");
  EXPECT_EQ(unescaped_header("%zz%4", room), "%zz%4");
  EXPECT_EQ(unescaped_header("%41234567", room), "A234567");
  EXPECT_EQ(unescaped_header("%412345678", room), "A2345678");
  EXPECT_EQ(unescaped_header("%4123456789", room), std::nullopt);
}

TEST(UriHeaders, of_a_refer_to_name_the_dialog_to_replace) {
  const auto refer_to = parse_refer_to(
      "<sip:b@h.example?Replaces=1%40h%3Bto-tag%3D2%3Bfrom-tag%3D3%3Bearly-only&Require=replaces>");
  ASSERT_TRUE(refer_to);
  std::array<char, 64> room;
  const auto replaces = parse_replaces(*unescaped_header(refer_to->replaces, room));
  ASSERT_TRUE(replaces);
  EXPECT_EQ(replaces->call_id, "1@h");
  EXPECT_EQ(replaces->to_tag, "2");
  EXPECT_EQ(replaces->from_tag, "3");
  EXPECT_TRUE(replaces->early_only);
}

TEST(UriHeaders, of_a_history_entry_say_why_it_was_left) {
  const auto entry =
      parse_history_info("<sip:b@h?Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%22>;index=1");
  ASSERT_TRUE(entry);
  std::array<char, 64> room;
  const auto reason = parse_reason(*unescaped_header(entry->reason, room));
  ASSERT_TRUE(reason);
  EXPECT_EQ(reason->cause, 486U);
  EXPECT_EQ(reason->text, "Busy");
}

}  // namespace
}  // namespace sipring
