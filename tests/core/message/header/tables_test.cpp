// The tables of tests/corpus/headers: header field, value, outcome and fields.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "tests/core/message/header/readings.h"
#include "tests/core/message/tables.h"
#include "tests/core/message/texts.h"

namespace sipring {
namespace {

const testing::Reading* find(std::string_view header) {
  const auto* const found = std::ranges::find(testing::readings, header, &testing::Reading::header);
  return found == std::end(testing::readings) ? nullptr : found;
}

// "header TAB value TAB outcome [TAB field]..."
void check(const std::string& line, testing::EdgeText& edge) {
  const std::size_t name = line.find('\t');
  const std::size_t value = line.find('\t', name + 1);
  ASSERT_NE(value, line.npos) << line;
  const testing::Reading* const reading = find(std::string_view(line).substr(0, name));
  ASSERT_NE(reading, nullptr) << line;
  const std::string text =
      testing::unescaped(std::string_view(line).substr(name + 1, value - name - 1));
  const testing::Fields fields = reading->read(edge.hold(text));
  EXPECT_EQ(fields.text(), testing::unescaped(std::string_view(line).substr(value + 1))) << line;
  EXPECT_TRUE(fields.all_inside()) << line;
}

class HeaderTables : public ::testing::TestWithParam<const char*> {};

TEST_P(HeaderTables, hold) {
  testing::EdgeText edge{0, 4096};
  std::istringstream table{
      testing::read_file(testing::corpus_path() / "headers" / (std::string(GetParam()) + ".tsv"))};
  std::string line;
  ASSERT_TRUE(std::getline(table, line));
  std::size_t rows = 0;
  for (; std::getline(table, line); ++rows) check(line, edge);
  EXPECT_GE(rows, 20U);
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
