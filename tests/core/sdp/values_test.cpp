// The tables tests/corpus/sdp/lines.tsv and attributes.tsv: what each value parser reads, forgives
// and refuses.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/core/message/table.h"
#include "tests/core/message/texts.h"
#include "tests/core/sdp/rendered.h"

namespace sipring::sdp {
namespace {

struct Case {
  std::string parser, value, expected;
};

std::vector<Case> read_cases(const std::string& name) {
  std::vector<Case> cases;
  for (const sipring::testing::Row& row : sipring::testing::read_table("sdp/" + name))
    cases.push_back({row[0], sipring::testing::unescaped(row[1]), row[2]});
  return cases;
}

const testing::NamedParser& parser_of(std::string_view name) {
  const auto* found = std::ranges::find(testing::parsers, name, &testing::NamedParser::name);
  if (found == std::end(testing::parsers))
    throw std::runtime_error("no parser " + std::string(name));
  return *found;
}

class SdpValues : public ::testing::TestWithParam<const char*> {};

TEST_P(SdpValues, read_as_the_table_says) {
  sipring::testing::EdgeText edge(0, 4096);
  const std::vector<Case> cases = read_cases(GetParam());
  ASSERT_GE(cases.size(), 60u);
  for (const Case& one : cases) {
    const testing::Outcome outcome = parser_of(one.parser).read(edge.hold(one.value));
    EXPECT_EQ(outcome.text, one.expected) << one.parser << " " << one.value;
    EXPECT_EQ(outcome.strict, !outcome.failed && outcome.text.find('~') == std::string::npos)
        << one.parser << " " << one.value;
  }
}

TEST_P(SdpValues, are_written_as_what_reads_the_same) {
  std::size_t written = 0;
  for (const Case& one : read_cases(GetParam())) {
    const testing::Outcome outcome = parser_of(one.parser).read(one.value);
    if (!outcome.written) continue;
    ++written;
    EXPECT_EQ(outcome.again, outcome.text.substr(0, outcome.again.size()))
        << one.parser << " " << one.value;
  }
  EXPECT_GE(written, 20u);
}

INSTANTIATE_TEST_SUITE_P(
    Tables, SdpValues, ::testing::Values("lines.tsv", "attributes.tsv"), [](const auto& tested) {
      return std::string(tested.param).substr(0, std::string(tested.param).find('.'));
    });

TEST(SdpTables, have_every_parser_read_and_refuse) {
  std::vector<Case> cases = read_cases("lines.tsv");
  const std::vector<Case> more = read_cases("attributes.tsv");
  cases.insert(cases.end(), more.begin(), more.end());
  EXPECT_GE(cases.size(), 150u);
  for (const testing::NamedParser& parser : testing::parsers) {
    bool read = false, refused = false;
    for (const Case& one : cases) {
      if (one.parser != parser.name) continue;
      const bool failed = one.expected.starts_with("sdp_");
      read |= !failed, refused |= failed;
    }
    EXPECT_TRUE(read && refused) << parser.name;
  }
}

}  // namespace
}  // namespace sipring::sdp
