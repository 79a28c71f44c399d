// The table of docs/tolerance.md is tests/corpus/field/tolerance.tsv: each row's example is read
// here, and the table is written from the rows when SIPRING_WRITE_DOCS is set.
//
// To add a row: the enumerator; where the example stands (a header field's name, "message",
// "response", "multipart", "sipfrag", "sdp"); what it stands instead of in `base`, of a message, or
// in a response to it; the example; what is let pass; what is sent back; since which version.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/body/multipart.h>
#include <sipring/core/message/header/registry.h>
#include <sipring/core/message/parser.h>
#include <sipring/core/message/sipfrag.h>
#include <sipring/core/message/validate.h>
#include <sipring/core/sdp/session.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <memory_resource>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tests/core/message/table.h"
#include "tests/support/sip_text.h"

namespace sipring {
namespace {

const std::string base = test::sip(R"(
OPTIONS sip:bob@h.example SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1
Max-Forwards: 70
From: <sip:alice@h.example>;tag=1
To: <sip:bob@h.example>
Call-ID: c1@192.0.2.1
CSeq: 1 OPTIONS
Content-Length: 0

)");

struct Entry {
  std::string kind, where, instead, example, what, echoed, since;
};

std::vector<Entry> entries() {
  std::vector<Entry> all;
  for (const testing::Row& row : testing::read_table("field/tolerance.tsv"))
    all.push_back({row[0], row[1], row[2], row[3], row[4], row[5], row[6]});
  return all;
}

Forgiveness kind_of(std::string_view name) {
  for (unsigned i = 0; i < std::to_underlying(Forgiveness::count); ++i)
    if (to_string(static_cast<Forgiveness>(i)) == name) return static_cast<Forgiveness>(i);
  return Forgiveness::count;
}

class ToleranceTable : public ::testing::Test {
 protected:
  // What is forgiven in an example; nothing when it is refused.
  Forgiven forgiven_in(const Entry& entry) {
    const std::string example = testing::unescaped(entry.example);
    if (entry.where == "message")
      return in_message(test::replaced(base, testing::unescaped(entry.instead), example));
    if (entry.where == "response")
      return in_message(test::replaced(response(), testing::unescaped(entry.instead), example));
    if (entry.where == "multipart") return in_multipart(example);
    if (entry.where == "sipfrag")
      return parse_sipfrag(example, message_).value_or(Sipfrag{}).forgiven;
    if (entry.where == "sdp") return in_sdp(example);
    const HeaderVerdict verdict =
        verdict_of({header_id_from(entry.where), entry.where, edge_.hold(example)});
    return verdict.error.code == ParseErrorCode::none ? verdict.forgiven : Forgiven{};
  }

 private:
  static std::string response() {
    const std::string text =
        test::replaced(base, "OPTIONS sip:bob@h.example SIP/2.0", "SIP/2.0 200 OK");
    return test::replaced(text, "To: <sip:bob@h.example>", "To: <sip:bob@h.example>;tag=2");
  }
  Forgiven in_message(const std::string& text) {
    if (!parse(edge_.hold(text), message_)) return {};
    Forgiven forgiven = message_.forgiven();
    std::array<Finding, 16> findings;
    const std::size_t count = std::min(validate(message_, findings), findings.size());
    for (const Finding& finding : std::span{findings}.first(count))
      if (finding.is_forgiven()) forgiven.add(finding.forgiven, 0);
    return forgiven;
  }
  static Forgiven in_multipart(const std::string& text) {
    const Multipart multipart(text, "b");
    Forgiven forgiven = multipart.begin().forgiven();
    for (const Parsed<BodyPart>& part : multipart)
      if (part) forgiven.add(part->forgiven, 0);
    return forgiven;
  }
  static Forgiven in_sdp(const std::string& text) {
    sdp::Session session(64, 8, *std::pmr::new_delete_resource());
    const auto read = sdp::parse(text, session);
    return read ? read->forgiven : Forgiven{};
  }

  testing::EdgeText edge_{readable_padding};
  Message message_{32, *std::pmr::new_delete_resource()};
};

TEST_F(ToleranceTable, says_what_is_forgiven) {
  for (const Entry& entry : entries()) {
    ASSERT_NE(kind_of(entry.kind), Forgiveness::count) << entry.kind;
    EXPECT_TRUE(forgiven_in(entry).has(kind_of(entry.kind)))
        << entry.kind << ": " << entry.where << ": " << entry.example;
  }
}

TEST_F(ToleranceTable, has_every_kind) {
  const std::vector<Entry> all = entries();
  for (unsigned i = 0; i < std::to_underlying(Forgiveness::count); ++i) {
    const std::string_view name = to_string(static_cast<Forgiveness>(i));
    if (name.starts_with("sdp_")) continue;  // docs/sdp.md
    EXPECT_TRUE(std::ranges::any_of(all, [&](const Entry& entry) { return entry.kind == name; }))
        << name;
  }
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != text.npos; at += 2) text.insert(at, "\\");
  return text;
}

std::string example_of(const Entry& entry) {
  if (entry.example.empty()) return "";
  const bool in_header = kind_of(entry.kind) != Forgiveness::count && entry.where.front() < 'a';
  return "`" + (in_header ? entry.where + ": " : std::string()) + entry.example + "`";
}

std::string document() {
  std::string table =
      "| what is let pass | example | noted as | strict error | sent back | since |\n"
      "|---|---|---|---|---|---|\n";
  for (const Entry& entry : entries())
    table += "| " + cell(entry.what) + " | " + cell(example_of(entry)) + " | `" + entry.kind +
             "` | `" + std::string(to_string(error_code_of(kind_of(entry.kind)))) + "` | " +
             (entry.echoed == "-" ? "" : entry.echoed) + " | " + entry.since + " |\n";
  return table;
}

TEST(ToleranceDocument, has_the_table_of_the_tests) {
  const std::string path = SIPRING_SOURCE_DIR "/docs/tolerance.md";
  std::string text = testing::read_file(path);
  constexpr std::string_view begin = "<!-- tests/corpus/field/tolerance.tsv -->\n";
  constexpr std::string_view end = "<!-- end -->\n";
  const std::size_t from = text.find(begin), to = text.find(end);
  ASSERT_LT(from, to);
  ASSERT_NE(to, text.npos);
  const std::size_t first = from + begin.size();
  if (std::getenv("SIPRING_WRITE_DOCS") != nullptr) {
    text.replace(first, to - first, document());
    std::ofstream(path) << text;
    return;
  }
  EXPECT_EQ(text.substr(first, to - first), document()) << "make diagrams";
}

}  // namespace
}  // namespace sipring
