// Lists that may be empty, and lists across header fields (RFC 3261 section 7.3.1).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/contact.h>
#include <sipring/core/message/header/early_media.h>
#include <sipring/core/message/header/identity.h>
#include <sipring/core/message/header/resource_priority.h>
#include <sipring/core/message/header/route.h>
#include <sipring/core/message/header/session_id.h>
#include <sipring/core/message/parser.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>
#include <vector>

#include "tests/core/message/texts.h"
#include "tests/support/sip_text.h"

namespace sipring {
namespace {

class HeaderLists : public ::testing::Test {
 protected:
  const Message& parsed(std::string_view fields) {
    const std::string wire = test::sip("OPTIONS sip:a SIP/2.0\n" + std::string(fields) + "\n");
    EXPECT_TRUE(parse(edge_.hold(wire), message_));
    return message_;
  }
  testing::EdgeText edge_{readable_padding};
  Message message_{16, *std::pmr::new_delete_resource()};
};

TEST_F(HeaderLists, may_be_empty_in_one_header_field_and_go_on_in_the_next) {
  const Message& message = parsed(
      "Accept-Resource-Priority:\nAccept-Resource-Priority: dsn.flash, wps.3\n"
      "Accept-Resource-Priority: \nAccept-Resource-Priority: ets.0\n");
  std::vector<std::string> seen;
  for (const auto& each :
       elements<parse_accept_resource_priority>(message, HeaderId::accept_resource_priority))
    seen.emplace_back(each ? each->name_space : "error");
  EXPECT_EQ(seen, (std::vector<std::string>{"dsn", "wps", "ets"}));
}

TEST_F(HeaderLists, that_are_empty_have_no_elements) {
  const Message& message = parsed("P-Early-Media:\nP-Early-Media: \n");
  for (const auto& each : elements<parse_early_media>(message, HeaderId::p_early_media))
    ADD_FAILURE() << each.has_value();
}

TEST_F(HeaderLists, that_must_not_be_empty_are_an_error_where_they_are) {
  std::vector<bool> good;
  for (const auto& each :
       elements<parse_route>(parsed("Route:\nRoute: <sip:a;lr>\n"), HeaderId::route))
    good.push_back(each.has_value());
  EXPECT_EQ(good, (std::vector<bool>{false, true}));
}

TEST_F(HeaderLists, of_routes_keep_their_order) {
  std::string hosts;
  for (const auto& route : elements<parse_route>(
           parsed("Route: <sip:1;lr>, \"x, y\" <sip:2>\nTo: <sip:a>\nRoute: <sip:3;lr>\n"),
           HeaderId::route))
    hosts += std::string(route->uri.host) + (route->loose ? "L" : "S");
  EXPECT_EQ(hosts, "1L2S3L");
}

TEST_F(HeaderLists, of_identities_are_a_header_field_each) {
  std::string types;
  for (const auto& identity :
       elements<parse_identity>(parsed("Identity: a.b.c;info=<https://x.example/>;ppt=shaken\n"
                                       "y: d;info=<https://y.example/>;ppt=div\n"),
                                HeaderId::identity))
    types += std::string(identity->passport_type) + " ";
  EXPECT_EQ(types, "shaken div ");
}

TEST_F(HeaderLists, of_contacts_may_be_the_wildcard) {
  const auto list = elements<parse_contact>(parsed("m: *\n"), HeaderId::contact);
  auto contact = list.begin();
  ASSERT_NE(contact, list.end());
  EXPECT_TRUE((*contact)->wildcard);
  EXPECT_EQ(++contact, list.end());
}

TEST(StrictReading, of_an_address_refuses_what_was_forgiven) {
  EXPECT_TRUE(strictly(parse_route("<sip:a;lr>")));
  EXPECT_EQ(strictly(parse_route("sip:a;lr")).error(), (ParseError{ParseErrorCode::address, 0}));
  EXPECT_TRUE(strictly(parse_contact("sip:a;expires=1")));
  EXPECT_EQ(strictly(parse_contact("sip:a;expires=x")).error(),
            (ParseError{ParseErrorCode::parameter, 6}));
}

TEST(NilUuid, is_all_zeros_of_the_right_length) {
  EXPECT_TRUE(is_nil_uuid("00000000000000000000000000000000"));
  EXPECT_FALSE(is_nil_uuid("00000000000000000000000000000001"));
  EXPECT_FALSE(is_nil_uuid("0000"));
  EXPECT_FALSE(is_nil_uuid(""));
}

}  // namespace
}  // namespace sipring
