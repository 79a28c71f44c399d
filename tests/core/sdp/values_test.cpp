// The tables tests/corpus/sdp/lines.tsv and attributes.tsv: what each value parser reads, forgives
// and refuses.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

#include "tests/core/message/texts.h"
#include "tests/core/sdp/rendered.h"

namespace sipring::sdp {
namespace {

struct Case {
  std::string parser, value, expected;
};

// "\t" stands for a tab, "\z" for NUL.
std::string unescaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('\\', at)) != text.npos; ++at) {
    if (at + 1 == text.size() || (text[at + 1] != 't' && text[at + 1] != 'z')) continue;
    text.replace(at, 2, 1, text[at + 1] == 't' ? '\t' : '\0');
  }
  return text;
}

std::vector<Case> read_cases(std::string_view name) {
  std::istringstream file(
      sipring::testing::read_file(sipring::testing::corpus_path() / "sdp" / name));
  std::vector<Case> cases;
  std::string line;
  std::getline(file, line);  // the columns' names
  while (std::getline(file, line)) {
    std::istringstream columns(line);
    Case one;
    std::getline(columns, one.parser, '\t');
    std::getline(columns, one.value, '\t');
    std::getline(columns, one.expected, '\t');
    cases.push_back(one);
  }
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
    const testing::Outcome outcome = parser_of(one.parser).read(edge.hold(unescaped(one.value)));
    EXPECT_EQ(outcome.text, one.expected) << one.parser << " " << one.value;
    EXPECT_EQ(outcome.strict, !outcome.failed && outcome.text.find('~') == std::string::npos)
        << one.parser << " " << one.value;
  }
}

TEST_P(SdpValues, are_written_as_what_reads_the_same) {
  std::size_t written = 0;
  for (const Case& one : read_cases(GetParam())) {
    const std::string value = unescaped(one.value);
    const testing::Outcome outcome = parser_of(one.parser).read(value);
    if (!outcome.written) continue;
    ++written;
    EXPECT_EQ(outcome.again, outcome.text.substr(0, outcome.again.size()))
        << one.parser << " " << value;
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
