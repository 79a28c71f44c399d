// The tables of tests/corpus/headers: header field, value, outcome and fields.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/core/message/header/readings.h"
#include "tests/core/message/table.h"
#include "tests/core/message/texts.h"

namespace sipring {
namespace {

const testing::Reading* find(std::string_view header) {
  const auto* const found = std::ranges::find(testing::readings, header, &testing::Reading::header);
  return found == std::end(testing::readings) ? nullptr : found;
}

// Header, value, outcome, and the fields, as many as there are.
void check(const testing::Row& row, testing::EdgeText& edge) {
  ASSERT_GE(row.size(), 3U) << row[0];
  const testing::Reading* const reading = find(row[0]);
  ASSERT_NE(reading, nullptr) << row[0];
  const testing::Fields fields = reading->read(edge.hold(testing::unescaped(row[1])));
  std::string expected = testing::unescaped(row[2]);
  for (std::size_t at = 3; at < row.size(); ++at) expected += "\t" + testing::unescaped(row[at]);
  EXPECT_EQ(fields.text(), expected) << row[0] << ": " << row[1];
  EXPECT_TRUE(fields.all_inside()) << row[0] << ": " << row[1];
}

class HeaderTables : public ::testing::TestWithParam<const char*> {};

TEST_P(HeaderTables, hold) {
  testing::EdgeText edge{0, 4096};
  const auto rows = testing::read_ragged_table("headers/" + std::string(GetParam()) + ".tsv");
  for (const testing::Row& row : rows) check(row, edge);
  EXPECT_GE(rows.size(), 20U);
}

INSTANTIATE_TEST_SUITE_P(All, HeaderTables,
                         ::testing::Values("tokens", "media", "numbers", "dates", "events", "texts",
                                           "authentication"),
                         [](const auto& table) { return std::string(table.param); });

TEST(HeaderTablesTogether, reach_every_parser) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(testing::corpus_path() / "headers"))
    all += "\n" + testing::read_file(entry.path());
  for (const testing::Reading& reading : testing::readings)
    EXPECT_NE(all.find("\n" + std::string(reading.header) + "\t"), all.npos) << reading.header;
}

}  // namespace
}  // namespace sipring
