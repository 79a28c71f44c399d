// SPDX-License-Identifier: MIT
#include <sipring/core/message/elements.h>

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/parser.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>
#include <vector>

#include "tests/core/message/texts.h"
#include "tests/support/sip_text.h"

namespace sipring {
namespace {

class ElementsOf : public ::testing::Test {
 protected:
  const Message& parsed(std::string_view text) {
    const std::string wire = test::sip(text);
    EXPECT_TRUE(parse(edge_.hold(wire), message_));
    return message_;
  }
  testing::EdgeText edge_{readable_padding};
  Message message_{128, *std::pmr::new_delete_resource()};
};

TEST_F(ElementsOf, a_kind_come_in_order_across_header_fields) {
  const Message& message = parsed(R"(
OPTIONS sip:a SIP/2.0
Via: SIP/2.0/UDP one, SIP/2.0/UDP two;x=","
To: <sip:a>
v: SIP/2.0/TCP three

)");
  std::vector<std::string> hosts;
  for (const Parsed<Via>& via : elements<parse_via>(message, HeaderId::via))
    hosts.emplace_back(via->host);
  EXPECT_EQ(hosts, (std::vector<std::string>{"one", "two", "three"}));
}

TEST_F(ElementsOf, an_absent_kind_are_none) {
  const Message& message = parsed("OPTIONS sip:a SIP/2.0\nTo: <sip:a>\n\n");
  for (const Parsed<Via>& via : elements<parse_via>(message, HeaderId::via))
    ADD_FAILURE() << via->host;
}

TEST_F(ElementsOf, a_kind_go_on_in_the_next_header_field_after_a_mistake) {
  const Message& message = parsed(R"(
OPTIONS sip:a SIP/2.0
Route: <sip:one>, <sip:tw o>, <sip:lost>
Route: <sip:three>

)");
  std::vector<std::string> seen;
  for (const Parsed<Address>& route : elements<parse_address>(message, HeaderId::route))
    seen.push_back(route ? std::string(route->uri.host) : std::to_string(route.error().offset));
  EXPECT_EQ(seen, (std::vector<std::string>{"one", "19", "three"}));
}

TEST_F(ElementsOf, a_value_on_its_own_tell_their_places) {
  const auto list = elements<parse_address>("<sip:a> , <sip:b>");
  std::vector<std::size_t> offsets;
  for (auto i = list.begin(); i != list.end(); ++i) offsets.push_back(i.offset());
  EXPECT_EQ(offsets, (std::vector<std::size_t>{0, 9}));
}

TEST_F(ElementsOf, a_list_with_empty_ones_leave_them_out_and_note_them) {
  constexpr std::pair<std::string_view, std::uint32_t> lists[] = {
      {"<sip:a>,", 7}, {"<sip:a>, ,,\r\n ", 9}, {",<sip:a>", 0}, {" , <sip:a> ,", 1}};
  for (const auto& [value, offset] : lists) {
    const auto list = elements<parse_address>(value);
    auto i = list.begin();
    ASSERT_TRUE(i != list.end() && *i) << value;
    EXPECT_EQ((*i)->uri.host, "a") << value;
    ++i;
    EXPECT_TRUE(i == list.end()) << value;
    EXPECT_TRUE(i.forgiven().has(Forgiveness::empty_element)) << value;
    EXPECT_EQ(i.forgiven().first_offset(), offset) << value;
  }
}

TEST_F(ElementsOf, an_empty_value_are_their_parsers_to_judge) {
  std::vector<bool> good;
  for (const Parsed<Address>& address : elements<parse_address>(" "))
    good.push_back(address.has_value());
  EXPECT_EQ(good, (std::vector<bool>{false}));
}

TEST_F(ElementsOf, a_header_field_of_commas_are_none) {
  const Message& message = parsed(R"(
OPTIONS sip:a SIP/2.0
Route: ,,
Route: <sip:one>,
Route: ,

)");
  std::vector<std::string> hosts;
  for (const Parsed<Address>& route : elements<parse_address>(message, HeaderId::route))
    hosts.emplace_back(route->uri.host);
  EXPECT_EQ(hosts, (std::vector<std::string>{"one"}));
}

}  // namespace
}  // namespace sipring
