// SPDX-License-Identifier: MIT
#include <check/sip_start.h>

#include <gtest/gtest.h>

namespace sipring::app::test {
namespace {

using namespace std::string_view_literals;

TEST(SipStart, is_told_by_the_first_line) {
  EXPECT_TRUE(begins_like_sip("INVITE sip:b@h SIP/2.0\r\n"));
  EXPECT_TRUE(begins_like_sip("\r\n\r\nSIP/2.0 200 OK\r\n"));
  EXPECT_TRUE(begins_like_sip("invite  sip:b@h SIP/7.0"));  // broken, and SIP
  EXPECT_FALSE(begins_like_sip("GET / HTTP/1.1\r\nX: SIP/2.0\r\n"));
  EXPECT_FALSE(begins_like_sip("\x08 INVITE sip:b@h SIP/2.0\r\n")) << "in a tunnel (VXLAN)";
  EXPECT_FALSE(begins_like_sip(""));
  EXPECT_FALSE(begins_like_sip("\r\n"));
}

TEST(SipStart, is_found_among_other_octets_only_where_a_line_begins) {
  EXPECT_EQ(find_start_line("SIP/2.0 200 OK\r\n"), 0u);
  EXPECT_EQ(find_start_line("0.2.1>\r\n\r\nBYE sip:b@h SIP/2.0\r\n"), 10u);
  EXPECT_EQ(find_start_line("a\nb\nX-1 tel:1 SIP/2.0\n"), 4u);
  for (const std::string_view none :
       {"x BYE sip:b@h SIP/2.0\r\n"sv, "BYE sip:b@h SIP/2.0"sv, "BYE sip:b h SIP/2.0\r\n"sv,
        "BYE  SIP/2.0\r\n"sv, "bye sip:b@h SIP/2.0\r\n"sv, "SIP/2.0 x\r\n"sv, "SIP/2.0 2\r\n"sv,
        "via SIP/2.0\r\n"sv, ""sv, "\n"sv})
    EXPECT_EQ(find_start_line(none), none.npos) << none;
}

TEST(SipStart, is_not_that_of_http) {
  EXPECT_TRUE(begins_like_http("GET / HTTP/1.1\r\n"));
  EXPECT_TRUE(begins_like_http("HTTP/1.1 200 OK\r\n"));
  EXPECT_FALSE(begins_like_http("OPTIONS sip:b SIP/2.0\r\n HTTP/1.1"));
}

TEST(SipStart, may_be_behind_keep_alives) {
  for (const std::string_view octets :
       {"\r\n\r\n"sv, "\0"sv, " "sv, "jaK"sv, "jaK\0"sv, "\tjaK\r\njaK"sv})
    EXPECT_TRUE(is_keep_alive(octets));
  EXPECT_FALSE(is_keep_alive(""));
  EXPECT_FALSE(is_keep_alive("jak"));
  EXPECT_FALSE(is_keep_alive("\r\nx"));
  EXPECT_EQ(keep_alive_size("\r\njaK OPTIONS"), 6u);
  EXPECT_TRUE(may_become_keep_alive("ja"));
  EXPECT_FALSE(may_become_keep_alive("jo"));
  EXPECT_FALSE(may_become_keep_alive("jaK"));
}

}  // namespace
}  // namespace sipring::app::test
