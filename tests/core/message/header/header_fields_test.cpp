// The tables of tests/corpus/headers that this half of the header fields has: header field, input,
// outcome, members. An outcome is "ok", "ok KIND@OFFSET" for what was forgiven first, or
// "ERROR@OFFSET". Members are those that are not empty, zero, false or absent; " | " stands between
// elements. \r, \n and \t are escapes. Read by hand against the RFCs.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/core/message/header/header_fields.h"
#include "tests/core/message/table.h"
#include "tests/core/message/texts.h"

namespace sipring {
namespace {

struct Row {
  std::string place, header, input, outcome, members;
};

std::vector<Row> rows_of(const std::string& file) {
  std::vector<Row> rows;
  int line = 1;
  for (const testing::Row& row : testing::read_table("headers/" + file))
    rows.push_back(
        {file + ":" + std::to_string(++line), row[0], testing::unescaped(row[1]), row[2], row[3]});
  return rows;
}

class Members {
 public:
  void operator()(std::string_view name, std::string_view value) {
    if (!value.empty()) put(name, value);
  }
  void operator()(std::string_view name, bool value) {
    if (value) put(name, "yes");
  }
  void operator()(std::string_view name, std::uint32_t value) {
    if (value != 0) put(name, std::to_string(value));
  }
  template <class Number>
  void operator()(std::string_view name, std::optional<Number> value) {
    if (value) put(name, std::to_string(*value));
  }
  void next_element() { text_ += " | "; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void put(std::string_view name, std::string_view value) {
    if (!text_.empty() && text_.back() != ' ') text_ += ' ';
    text_.append(name).append("=");
    for (const char octet : value) {
      if (octet == '\r' || octet == '\n' || octet == '\t')
        text_ += octet == '\r' ? "\\r" : octet == '\n' ? "\\n" : "\\t";
      else
        text_ += octet;
    }
  }
  std::string text_;
};

struct Reading {
  std::string outcome = "ok";
  std::string members;
};

std::string at(std::string_view what, std::size_t offset) {
  return std::string(what) + "@" + std::to_string(offset);
}

template <class Header>
void add(Reading& reading, Members& members, const Parsed<Header>& header, std::size_t offset) {
  if (!header) {
    reading.outcome = at(to_string(header.error().code), header.error().offset);
    return;
  }
  testing::each_field(*header, members);
  if constexpr (requires { header->forgiven; }) {
    if (header->forgiven.empty()) return;
    const Forgiven& forgiven = header->forgiven;
    if (reading.outcome == "ok")
      reading.outcome = "ok " + at(to_string(forgiven.first()), offset + forgiven.first_offset());
    EXPECT_EQ(strictly(header).error().offset, forgiven.first_offset());
  }
}

template <auto parser>
Reading read(std::string_view value) {
  using Header = decltype(parser(value))::value_type;
  Reading reading;
  Members members;
  if constexpr (requires(Header header) { header.length; }) {
    bool first = true;
    const auto list = elements<parser>(value);
    for (auto each = list.begin(); each != list.end(); ++each) {
      if (!std::exchange(first, false) && *each) members.next_element();
      add(reading, members, *each, each.offset());
    }
  } else {
    add(reading, members, parser(value), 0);
  }
  reading.members = members.text();
  return reading;
}

// Header fields that share a parser, and the name by which header_fields.h knows it.
const std::map<std::string, std::string, std::less<>> same_parser = {
    {"Record-Route", "Route"},
    {"Path", "Route"},
    {"Service-Route", "Route"},
    {"Alert-Info", "Call-Info"},
    {"Error-Info", "Call-Info"},
    {"Security-Server", "Security-Client"},
    {"Security-Verify", "Security-Client"},
    {"Priv-Answer-Mode", "Answer-Mode"},
    {"P-Asserted-Identity", "Reply-To"},
    {"P-Preferred-Identity", "Reply-To"},
};

std::optional<Reading> read_as(const std::string& header, std::string_view value) {
  const auto same = same_parser.find(header);
  const std::string& wanted = same == same_parser.end() ? header : same->second;
  std::optional<Reading> reading;
  testing::each_header_parser([&]<auto parser>(std::string_view name) {
    if (name == wanted) reading = read<parser>(value);
  });
  return reading;
}

class HeaderTable : public ::testing::TestWithParam<const char*> {};

TEST_P(HeaderTable, is_read_as_it_says) {
  testing::EdgeText edge{0, 4096};
  const std::vector<Row> rows = rows_of(GetParam());
  ASSERT_FALSE(rows.empty());
  for (const Row& row : rows) {
    const std::optional<Reading> reading = read_as(row.header, edge.hold(row.input));
    ASSERT_TRUE(reading) << row.place << ": no parser for " << row.header;
    EXPECT_EQ(reading->outcome, row.outcome) << row.place << ": " << row.input;
    EXPECT_EQ(reading->members, row.members) << row.place << ": " << row.input;
  }
}

constexpr const char* tables[] = {"addresses.tsv", "dialogs.tsv",  "security.tsv",
                                  "locations.tsv", "sessions.tsv", "via_extensions.tsv"};
INSTANTIATE_TEST_SUITE_P(Headers, HeaderTable, ::testing::ValuesIn(tables), [](const auto& table) {
  const std::string file = table.param;
  return file.substr(0, file.find('.'));
});

// A table that says nothing of a parser, or knows good texts only, would prove little.
TEST(HeaderTables, hold_good_and_bad_texts_for_each_parser) {
  std::map<std::string, std::pair<int, int>> counts;
  for (const char* const table : tables)
    for (const Row& row : rows_of(table)) {
      const auto same = same_parser.find(row.header);
      auto& [good, bad] = counts[same == same_parser.end() ? row.header : same->second];
      ++(row.outcome.starts_with("ok") ? good : bad);
    }
  testing::each_header_parser([&]<auto parser>(std::string_view name) {
    EXPECT_GT(counts[std::string(name)].first, 0) << name;
    EXPECT_GT(counts[std::string(name)].second, 0) << name;
  });
}

}  // namespace
}  // namespace sipring
