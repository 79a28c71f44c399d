// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri_parts.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/core/message/table.h"

namespace sipring {
namespace {

Uri uri_of(std::string_view text) {
  const Parsed<Uri> uri = parse_uri(text);
  EXPECT_TRUE(uri) << text;
  return uri.value_or(Uri{});
}

std::vector<std::string> listed(const UriComponents& components) {
  std::vector<std::string> list;
  for (const UriComponent& component : components) {
    std::string text{component.name};
    if (component.has_value) text.append("|").append(component.value);
    list.push_back(text);
  }
  return list;
}

using List = std::vector<std::string>;

TEST(UriComponents, come_one_by_one_in_their_order) {
  const Uri uri = uri_of("sip:a@h;lr;x=1;y=%3D?Subject=a%20b&Route=&body=c");
  EXPECT_EQ(listed(uri_parameters(uri)), (List{"lr", "x|1", "y|%3D"}));
  EXPECT_EQ(listed(uri_headers(uri)), (List{"Subject|a%20b", "Route|", "body|c"}));
}

TEST(UriComponents, are_none_where_there_are_none) {
  const Uri uri = uri_of("sip:h");
  EXPECT_TRUE(listed(uri_parameters(uri)).empty());
  EXPECT_TRUE(listed(uri_headers(uri)).empty());
}

TEST(UriComponents, pass_over_empty_ones_and_keep_further_equal_signs) {
  EXPECT_EQ(listed(uri_parameters(uri_of("sip:h;;a=;;t=x==;"))), (List{"a|", "t|x=="}));
}

TEST(UriParameter, is_found_without_case_and_behind_escapes) {
  const Uri uri = uri_of("sip:h;%6C%72;Foo=Bar;foo=other;x");
  EXPECT_EQ(uri_parameter(uri, "lr"), "");
  EXPECT_EQ(uri_parameter(uri, "FOO"), "Bar");
  EXPECT_TRUE(has_uri_parameter(uri, "X"));
  EXPECT_FALSE(uri_parameter(uri, "fo"));
  EXPECT_FALSE(uri_parameter(uri, ""));
}

TEST(UriHeader, is_found_without_case_and_behind_escapes) {
  const Uri uri = uri_of("sip:h?s%55bject=a&X=");
  EXPECT_EQ(uri_header(uri, "Subject"), "a");
  EXPECT_EQ(uri_header(uri, "x"), "");
  EXPECT_FALSE(uri_header(uri, "y"));
}

template <class T>
std::string written(const std::optional<T>& value) {
  if (!value) return "-";
  if constexpr (std::is_arithmetic_v<T>)
    return std::to_string(*value);
  else if constexpr (std::is_enum_v<T>)
    return std::string(to_string(*value));
  else
    return std::string(*value);
}

std::string written(bool value) {
  return value ? "1" : "0";
}

TEST(UriParameters, are_typed) {
  for (const testing::Row& row : testing::read_table("uri/known.tsv")) {
    const Uri uri = uri_of(row[0]);
    const testing::Row seen{row[0],
                            written(transport_of(uri)),
                            written(ttl_of(uri)),
                            written(maddr_of(uri)),
                            written(method_of(uri)),
                            written(is_phone(uri)),
                            written(is_loose_router(uri)),
                            written(has_outbound(uri)),
                            written(gruu_of(uri)),
                            written(cause_of(uri))};
    EXPECT_EQ(seen, row);
  }
}

}  // namespace
}  // namespace sipring
