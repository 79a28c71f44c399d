// What the field sends, made after bug reports of other stacks (tests/corpus/field/inputs.tsv):
// tolerant reading takes each of them and says what it forgave, unless nobody could act on it. What
// `sipring check` and `sipring answer` make of the same table: tests/apps/field_inputs_test.cpp.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/media_type.h>
#include <sipring/core/message/header/registry.h>
#include <sipring/core/message/parser.h>
#include <sipring/core/message/sipfrag.h>
#include <sipring/core/message/validate.h>

#include <gtest/gtest.h>

#include <array>
#include <memory_resource>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "tests/core/message/table.h"

namespace sipring {
namespace {

class FieldInputs : public ::testing::Test {
 protected:
  struct Outcome {
    std::string errors;
    Forgiven forgiven;
  };

  Outcome read(const std::string& octets) {
    Outcome outcome;
    if (const auto parsed = parse(edge_.hold(octets), message_); !parsed)
      return {std::string(to_string(parsed.error().code)), {}};
    std::array<Finding, 32> findings;
    const std::size_t count = validate(message_, findings);
    for (const Finding& finding : std::span{findings}.first(count))
      if (finding.is_forgiven())
        outcome.forgiven.add(finding.forgiven, 0);
      else
        outcome.errors += std::string(to_string(finding.error.code)) + " ";
    for (std::uint32_t i = 0; i < message_.header_count(); ++i)
      outcome.forgiven.add(verdict_of(message_.header(i)).forgiven, 0);
    read_fragment(outcome);
    return outcome;
  }

 private:
  void read_fragment(Outcome& outcome) {
    const auto type = parse_content_type(message_.first(HeaderId::content_type).value_or(""));
    if (!type || !type->is("message", "sipfrag")) return;
    Message fragment{16, *std::pmr::new_delete_resource()};
    const Parsed<Sipfrag> read = parse_sipfrag(message_.body(), fragment);
    if (read)
      outcome.forgiven.add(read->forgiven, 0);
    else
      outcome.errors += "sipfrag ";
  }

  testing::EdgeText edge_{readable_padding};
  Message message_{64, *std::pmr::new_delete_resource()};
};

std::string kinds(const Forgiven& forgiven) {
  std::string text;
  for (unsigned i = 0; i < std::to_underlying(Forgiveness::count); ++i)
    if (forgiven.has(static_cast<Forgiveness>(i)))
      text += std::string(to_string(static_cast<Forgiveness>(i))) + " ";
  return text;
}

// Those of a session description are not looked for here.
bool is_of_sdp(std::string_view kind) {
  return kind.starts_with("sdp_");
}

TEST_F(FieldInputs, are_taken_with_a_note_where_the_grammar_refuses_them) {
  std::size_t messages = 0;
  for (const testing::Row& row : testing::read_table("field/inputs.tsv")) {
    if (!row[0].ends_with(".sip")) continue;
    const Outcome outcome = read(testing::read_file(testing::corpus_path() / "field" / row[0]));
    std::istringstream codes{row[1]};
    std::string mistakes, notes = kinds(outcome.forgiven);
    for (std::string code; codes >> code;) {
      if (!code.starts_with('~')) {
        mistakes += code == "valid" ? "" : code + " ";
      } else if (!is_of_sdp(code.substr(1)) && code != "~no_body_part") {
        EXPECT_NE(notes.find(code.substr(1) + " "), notes.npos) << row[0] << ": " << notes;
      }
    }
    EXPECT_EQ(outcome.errors, mistakes) << row[0];
    EXPECT_TRUE(row[1] != "valid" || notes.empty()) << row[0] << ": " << notes;
    ++messages;
  }
  EXPECT_EQ(messages, testing::field_messages().size());
}

}  // namespace
}  // namespace sipring
