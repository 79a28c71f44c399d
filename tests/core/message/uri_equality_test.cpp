// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri_equality.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/core/message/table.h"

namespace sipring {
namespace {

bool are_equivalent(std::string_view a, std::string_view b) {
  const Parsed<Uri> left = parse_uri(a);
  const Parsed<Uri> right = parse_uri(b);
  EXPECT_TRUE(left) << a;
  EXPECT_TRUE(right) << b;
  return left && right && is_equivalent(*left, *right);
}

// id, source, a, b, expect, note.
TEST(UriEquality, holds_for_the_table_in_both_directions) {
  for (const testing::Row& row : testing::read_table("uri/equal.tsv")) {
    const bool expected = row[4] == "equal";
    EXPECT_EQ(are_equivalent(row[2], row[3]), expected)
        << row[0] << ": " << row[2] << " " << row[3];
    EXPECT_EQ(are_equivalent(row[3], row[2]), expected)
        << row[0] << ": " << row[3] << " " << row[2];
  }
}

TEST(UriEquality, is_reflexive_wherever_a_text_lies) {
  for (const testing::Row& row : testing::read_table("uri/parse.tsv")) {
    const std::string copy = row[0];
    EXPECT_TRUE(are_equivalent(row[0], copy)) << copy;
  }
}

TEST(UriEquality, is_not_transitive_as_the_rfc_says) {
  EXPECT_TRUE(are_equivalent("sip:carol@chicago.com;security=on", "sip:carol@chicago.com"));
  EXPECT_TRUE(are_equivalent("sip:carol@chicago.com", "sip:carol@chicago.com;security=off"));
  EXPECT_FALSE(
      are_equivalent("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
}

// `count` parameters, the last one different for each `last`.
std::string with_parameters(int count, std::string_view last) {
  std::string text = "sip:h";
  for (int i = 1; i < count; ++i) text.append(";p").append(std::to_string(i));
  return text.append(";").append(last);
}

TEST(UriEquality, compares_up_to_64_parameters_and_of_more_the_octets) {
  EXPECT_TRUE(are_equivalent(with_parameters(64, "x=1"), with_parameters(64, "X=1")));
  EXPECT_FALSE(are_equivalent(with_parameters(65, "x=1"), with_parameters(65, "X=1")));
  EXPECT_TRUE(are_equivalent(with_parameters(65, "x=1"), with_parameters(65, "x=1")));
}

}  // namespace
}  // namespace sipring
