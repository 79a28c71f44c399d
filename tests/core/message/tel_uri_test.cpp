// SPDX-License-Identifier: MIT
#include <sipring/core/message/tel_uri.h>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "tests/core/message/table.h"

namespace sipring {
namespace {

class TelUriParser : public ::testing::Test {
 protected:
  Parsed<TelUri> read(std::string_view text) { return parse_tel_uri(edge_.hold(text)); }
  testing::EdgeText edge_{0, 4096};
};

std::string written_tel(std::string_view part) {
  return part.empty() ? "-" : std::string(part);
}

std::string digits_of(const TelUri& tel) {
  std::array<char, 64> room;
  return std::string(write_digits(tel, room).value_or("no room"));
}

std::string name_of(const Forgiven& forgiven) {
  return forgiven.empty() ? "-" : std::string(to_string(forgiven.first()));
}

TEST_F(TelUriParser, reads_the_parts) {
  for (const testing::Row& row : testing::read_table("uri/tel.tsv")) {
    const Parsed<TelUri> tel = read(row[0]);
    ASSERT_TRUE(tel) << row[0] << " @" << tel.error().offset;
    const testing::Row seen{
        std::string(tel->text),      std::string(tel->number),     digits_of(*tel),
        written_tel(tel->extension), written_tel(tel->subaddress), written_tel(tel->context),
        written_tel(tel->rn),        written_tel(tel->cic),        tel->npdi ? "1" : "0",
        name_of(tel->forgiven)};
    EXPECT_EQ(seen, row);
    EXPECT_EQ(tel->is_global, row[1].front() == '+') << row[0];
    EXPECT_EQ(strictly(tel).has_value(), row[9] == "-") << row[0];
  }
}

TEST_F(TelUriParser, refuses_with_code_and_offset) {
  for (const testing::Row& row : testing::read_table("uri/tel_refused.tsv")) {
    const Parsed<TelUri> tel = read(row[0]);
    ASSERT_FALSE(tel) << row[0];
    EXPECT_EQ(to_string(tel.error().code), row[1]) << row[0];
    EXPECT_EQ(std::to_string(tel.error().offset), row[2]) << row[0];
  }
}

TEST_F(TelUriParser, takes_32_parameters_and_no_more) {
  std::string text = "tel:+1";
  for (int i = 0; i < 32; ++i) text.append(";p").append(std::to_string(i));
  EXPECT_TRUE(read(text));
  EXPECT_EQ(read(text + ";q").error().code, ParseErrorCode::parameter);
}

TEST_F(TelUriParser, hands_out_all_parameters_in_their_order) {
  const Parsed<TelUri> tel = read("tel:+1;ext=2;b=%20;a;rn=+3");
  ASSERT_TRUE(tel);
  std::vector<std::string> names;
  for (const UriComponent& parameter : tel_parameters(*tel)) names.emplace_back(parameter.name);
  EXPECT_EQ(names, (std::vector<std::string>{"ext", "b", "a", "rn"}));
  EXPECT_EQ(tel_parameter(*tel, "B"), "%20");
  EXPECT_EQ(tel_parameter(*tel, "a"), "");
  EXPECT_FALSE(tel_parameter(*tel, "c"));
}

TEST_F(TelUriParser, knows_a_mandatory_parameter) {
  EXPECT_TRUE(has_mandatory_parameter(*read("tel:+1;x;M-new=1")));
  EXPECT_FALSE(has_mandatory_parameter(*read("tel:+1;mnew=1;phone-context=+1")));
}

TEST(TelephoneSubscriber, is_read_from_a_user) {
  const Parsed<TelUri> global =
      parse_telephone_subscriber("+1-202-533-1234;npdi;rn=+1-202-544-0000");
  ASSERT_TRUE(global);
  EXPECT_EQ(digits_of(*global), "+12025331234");
  EXPECT_EQ(global->rn, "+1-202-544-0000");
  EXPECT_TRUE(global->npdi);
  const Parsed<TelUri> local = parse_telephone_subscriber("*06%23");
  ASSERT_TRUE(local);
  EXPECT_EQ(digits_of(*local), "*06#");
  EXPECT_TRUE(local->forgiven.empty());
  EXPECT_FALSE(parse_telephone_subscriber("alice"));
  EXPECT_FALSE(parse_telephone_subscriber(""));
}

TEST(TelUri, becomes_a_sip_uri_with_its_parameters_in_the_user) {
  std::array<char, 128> room;
  const auto sip_of = [&](std::string_view text) {
    return std::string(write_sip_uri(*parse_tel_uri(text), "foo.com", room).value_or("error"));
  };
  EXPECT_EQ(sip_of("tel:+358-555-1234567;postd=pp22"),
            "sip:+358-555-1234567;postd=pp22@foo.com;user=phone");
  EXPECT_EQ(sip_of("tel:*06#;phone-context=+49"),
            "sip:*06%23;phone-context=+49@foo.com;user=phone");
  EXPECT_EQ(sip_of("tel:+1;isub=a:b%3A"), "sip:+1;isub=a%3Ab%3A@foo.com;user=phone");
  EXPECT_EQ(write_sip_uri(*parse_tel_uri("tel:+1"), "a b", room).error(), UriError::host);
  EXPECT_EQ(write_sip_uri(*parse_tel_uri("tel:+1"), "h", std::span{room}.first(9)).error(),
            UriError::no_room);
}

TEST(TelUri, writes_no_digit_beyond_the_room) {
  std::array<char, 3> room;
  EXPECT_EQ(write_digits(*parse_tel_uri("tel:+1-2"), room), "+12");
  EXPECT_EQ(write_digits(*parse_tel_uri("tel:+1-23"), room).error(), UriError::no_room);
}

}  // namespace
}  // namespace sipring
