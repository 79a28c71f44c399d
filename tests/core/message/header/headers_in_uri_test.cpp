// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri_writer.h>

#include <sipring/core/message/header/dialog_reference.h>
#include <sipring/core/message/header/history_info.h>
#include <sipring/core/message/header/reason.h>
#include <sipring/core/message/header/refer_to.h>

#include <gtest/gtest.h>

#include <array>

namespace sipring {
namespace {

TEST(HeadersInAUri, of_a_refer_to_name_the_dialog_to_replace) {
  const auto refer_to = parse_refer_to(
      "<sip:b@h.example?Replaces=1%40h%3Bto-tag%3D2%3Bfrom-tag%3D3%3Bearly-only&Require=replaces>");
  ASSERT_TRUE(refer_to);
  std::array<char, 64> room;
  const auto replaces = parse_replaces(*unescape(refer_to->replaces, room));
  ASSERT_TRUE(replaces);
  EXPECT_EQ(replaces->call_id, "1@h");
  EXPECT_EQ(replaces->to_tag, "2");
  EXPECT_EQ(replaces->from_tag, "3");
  EXPECT_TRUE(replaces->early_only);
}

TEST(HeadersInAUri, of_a_history_entry_say_why_it_was_left) {
  const auto entry =
      parse_history_info("<sip:b@h?Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%22>;index=1");
  ASSERT_TRUE(entry);
  std::array<char, 64> room;
  const auto reason = parse_reason(*unescape(entry->reason, room));
  ASSERT_TRUE(reason);
  EXPECT_EQ(reason->cause, 486U);
  EXPECT_EQ(reason->text, "Busy");
}

}  // namespace
}  // namespace sipring
