// What the field sends (tests/corpus/field/inputs.tsv): what `sipring check` says of each, tolerant
// and strict, and what `sipring answer` says to an INVITE of them.
//
// Columns: file; notes ("~" before them) and mistakes; mistakes with --strict; the first line of
// the final response ("-": no INVITE); what is so. A .sdp is the body of an INVITE.
// SPDX-License-Identifier: MIT
#include <check/explanation.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "tests/apps/answer/answer_fixture.h"
#include "tests/core/message/table.h"

namespace sipring::app::test {
namespace {

using sipring::testing::corpus_path;
using sipring::testing::read_file;
using sipring::testing::read_table;
using sipring::testing::Row;

std::string codes(const Explanation& explanation) {
  std::string text;
  for (const Mistake& note : explanation.notes) text += " ~" + note.code;
  for (const Mistake& mistake : explanation.mistakes) text += " " + mistake.code;
  return text.empty() ? "valid" : text.substr(1);
}

class Listener : public AnswerFixture {
 public:
  std::string answer_to(const std::string& text) {
    receive(text);
    return first_line(take_sent().back());
  }

 private:
  void TestBody() override {}
};

std::string as_invite(const std::string& file, const std::string& text) {
  return file.ends_with(".sdp") ? with_body(request_to("bob", "INVITE"), text) : text;
}

// All of a row but why.
Row outcome(const std::string& file) {
  const std::string text = read_file(corpus_path() / "field" / file);
  const std::string invite = as_invite(file, text);
  return {file, codes(explain(text)), codes(explain(text, true)),
          invite.starts_with("INVITE") ? Listener().answer_to(invite) : "-"};
}

TEST(FieldInputs, are_read_and_answered_as_the_table_says) {
  std::set<std::string> rows;
  for (Row row : read_table("field/inputs.tsv")) {
    rows.insert(row.front());
    EXPECT_FALSE(row.back().empty()) << "says why: " << row.front();
    row.pop_back();
    EXPECT_EQ(row, outcome(row.front()));
  }
  for (const auto& entry : std::filesystem::directory_iterator(corpus_path() / "field")) {
    const std::string file = entry.path().filename(), extension = entry.path().extension();
    if (extension == ".sip" || extension == ".sdp") {
      EXPECT_TRUE(rows.contains(file)) << ::testing::PrintToString(outcome(file));
    }
  }
  EXPECT_GE(rows.size(), 95U);
}

}  // namespace
}  // namespace sipring::app::test
