// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri_equality.h>

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/core/message/table.h"

namespace sipring {
namespace {

std::string canonical(std::string_view text) {
  std::array<char, 1024> room;
  const Parsed<Uri> uri = parse_uri(text);
  if (!uri) return "malformed: " + std::string(text);
  return std::string(write_canonical(*uri, room).value_or("no room"));
}

TEST(CanonicalUri, is_what_the_table_says) {
  for (const testing::Row& row : testing::read_table("uri/canonical.tsv"))
    EXPECT_EQ(canonical(row[0]), row[1]) << row[0];
}

TEST(CanonicalUri, is_its_own_canonical_form) {
  for (const auto* table : {"uri/canonical.tsv", "uri/parse.tsv"})
    for (const testing::Row& row : testing::read_table(table))
      EXPECT_EQ(canonical(canonical(row[0])), canonical(row[0])) << row[0];
}

TEST(CanonicalUri, is_the_same_of_equivalent_uris) {
  for (const testing::Row& row : testing::read_table("uri/equal.tsv"))
    if (row[4] == "equal") {
      EXPECT_EQ(canonical(row[2]), canonical(row[3])) << row[0];
    }
}

TEST(CanonicalUri, differs_where_more_than_parameters_headers_and_reserved_escapes_differ) {
  for (const auto* other : {"sips:a@h", "sip:A@h", "sip:a:@h", "sip:h", "sip:a@h:5060", "sip:a@g"})
    EXPECT_NE(canonical("sip:a@h"), canonical(other)) << other;
}

TEST(CanonicalUri, needs_room_for_all_of_it) {
  std::array<char, 9> room;
  const Uri uri = *parse_uri("sip:#@h;x=y");
  EXPECT_EQ(write_canonical(uri, room), "sip:%23@h");
  EXPECT_EQ(write_canonical(uri, std::span{room}.first(8)).error(), UriError::no_room);
}

}  // namespace
}  // namespace sipring
