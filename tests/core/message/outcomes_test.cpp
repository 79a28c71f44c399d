// What becomes of each torture message of RFC 4475 and RFC 5118: how it parses, what validate()
// finds, what an engine answers, tolerant and strict.
//
// outcomes.tsv: file; key (CSeq and host of the top Via) or "-"; the parse error; findings, "~"
// before what is forgiven; what the engine does; what it does strictly; why.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/envelope.h>
#include <sipring/core/message/validate.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "tests/core/message/table.h"
#include "tests/core/message/texts.h"
#include "tests/support/engine_fixture.h"

namespace sipring::test {
namespace {

using sipring::testing::corpus_path;
using sipring::testing::read_file;
using sipring::testing::read_table;
using sipring::testing::Row;

std::string text_of(ParseError error) {
  if (error.code == ParseErrorCode::none) return "none";
  return std::string(to_string(error.code)) + "@" + std::to_string(error.offset);
}

class Listener : public EngineFixture {
 public:
  explicit Listener(bool strict) : EngineFixture(settings(strict)) {}

  std::string answer_to(const std::string& text) {
    receive(text);
    if (!sent.empty()) return sent.front().text.substr(8, sent.front().text.find("\r\n") - 8);
    return requests.empty() && responses.empty() ? "dropped" : "passed";
  }

 private:
  void TestBody() override {}
  static Settings settings(bool strict) {
    Settings settings = small_settings();
    settings.strict = strict;
    return settings;
  }
};

class Outcomes : public ::testing::Test {
 protected:
  // All of a row but why.
  Row outcome(const std::string& file) {
    const std::string text = read_file(corpus_path() / file);
    const PaddedText padded(text);
    const Parsed<void> parsed = parse(padded.view(), message_);
    const std::string reads = text_of(parsed ? ParseError{} : parsed.error());
    return {file,
            key(),
            reads,
            findings(),
            Listener(false).answer_to(text),
            Listener(true).answer_to(text)};
  }

 private:
  std::string key() const {
    Envelope envelope;
    if (!read_envelope(message_, envelope)) return "-";
    return std::to_string(envelope.cseq.number) + " " + std::string(envelope.cseq.method_name) +
           " " + std::string(envelope.via.host);
  }

  std::string findings() const {
    std::array<Finding, 32> found;
    const std::size_t count = validate(message_, found);
    EXPECT_LE(count, found.size());
    std::string text;
    for (std::size_t i = 0; i < std::min(count, found.size()); ++i) {
      if (i > 0) text += ", ";
      if (found[i].is_forgiven()) text += "~" + std::string(to_string(found[i].forgiven)) + " ";
      if (found[i].header != HeaderId::extension)
        text += std::string(to_string(found[i].header)) + " ";
      text += text_of(found[i].error);
    }
    return text.empty() ? "-" : text;
  }

  Message message_{128, *std::pmr::new_delete_resource()};
};

TEST_F(Outcomes, are_as_recorded_for_every_torture_message) {
  std::set<std::string> recorded;
  for (Row row : read_table("outcomes.tsv")) {
    const std::string file = row.front();
    recorded.insert(file);
    EXPECT_FALSE(row.back().empty()) << "says why: " << file;
    row.pop_back();
    EXPECT_EQ(row, outcome(file));
  }
  for (const auto& path : sipring::testing::corpus_messages()) {
    const std::string file = path.parent_path().filename() / path.filename();
    if (file.starts_with("rfc4475/") || file.starts_with("rfc5118/")) {
      EXPECT_TRUE(recorded.contains(file)) << ::testing::PrintToString(outcome(file));
    }
  }
}

}  // namespace
}  // namespace sipring::test
