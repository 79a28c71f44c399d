// `sipring check` beside the files of golden/. The files' lines end in LF, for editors; they are
// read with CRLF, all but lf_only.sip.
// SPDX-License-Identifier: MIT
#include <check/explanation.h>
#include <check/typed_values.h>

#include <source_dir.h>

#include <sipring/core/message/header/registry.h>

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "tests/support/sip_text.h"

namespace sipring::app::test {
namespace {

using namespace sipring::test;

std::string read(const std::string& name) {
  std::ifstream file(std::string(SIPRING_SOURCE_DIR) + "/tests/apps/check/golden/" + name,
                     std::ios::binary);
  EXPECT_TRUE(file.is_open()) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

// NAME.expect is what is said of the file NAME.sip or NAME.sdp; NAME.strict.expect, with --strict.
struct GoldenFile {
  const char* file;
  bool strict = false;
  friend void PrintTo(const GoldenFile& golden, std::ostream* out) {
    *out << golden.file << (golden.strict ? " --strict" : "");
  }
};

class Golden : public ::testing::TestWithParam<GoldenFile> {};

TEST_P(Golden, message_is_explained_as_written_beside_it) {
  const auto [file, strict] = GetParam();
  const std::string name = file, text = read(name);
  const std::string expect = name.substr(0, name.find('.')) + (strict ? ".strict" : "") + ".expect";
  const Explanation explanation = explain(name == "lf_only.sip" ? text : sip(text), strict);
  EXPECT_EQ(to_text(explanation, name), read(expect));
}

INSTANTIATE_TEST_SUITE_P(
    Check, Golden,
    ::testing::Values(GoldenFile{"valid_invite.sip"}, GoldenFile{"valid_response.sip"},
                      GoldenFile{"many_mistakes.sip"}, GoldenFile{"start_line_and_more.sip"},
                      GoldenFile{"body_too_short.sip"}, GoldenFile{"lf_only.sip"},
                      GoldenFile{"register_digest.sip"}, GoldenFile{"carrier_invite.sip"},
                      GoldenFile{"refusal.sip"}, GoldenFile{"multipart.sip"},
                      GoldenFile{"session.sdp"}, GoldenFile{"tolerant_notes.sip"},
                      GoldenFile{"tolerant_notes.sip", true}, GoldenFile{"lf_only.sip", true}));

TEST(Check, strict_finds_what_was_noted_and_notes_nothing) {
  const std::string message = sip(read("tolerant_notes.sip"));
  const Explanation tolerant = explain(message), strict = explain(message, true);
  EXPECT_TRUE(tolerant.is_valid());
  EXPECT_TRUE(strict.notes.empty());
  for (const Mistake& note : tolerant.notes)
    EXPECT_TRUE(std::ranges::any_of(strict.mistakes, [&](const Mistake& mistake) {
      return mistake.position.offset == note.position.offset;
    })) << note.text;
  const auto json = nlohmann::json::parse(to_json(tolerant, "tolerant_notes.sip"));
  EXPECT_EQ(json["valid"], true);
  EXPECT_EQ(json["notes"].size(), tolerant.notes.size());
}

// What the registry looks into is shown too; texts and Call-ID say what is written.
TEST(Check, types_every_header_field_that_is_looked_into) {
  constexpr auto last = static_cast<int>(HeaderId::www_authenticate);  // of names.def
  for (int i = 1; i <= last; ++i) {
    const auto id = static_cast<HeaderId>(i);
    const bool is_text =
        id == HeaderId::call_id || id == HeaderId::subject || id == HeaderId::organization;
    EXPECT_EQ(has_typed_values({id, to_string(id), ""}), header_check(id) != nullptr && !is_text)
        << to_string(id);
  }
  EXPECT_TRUE(has_typed_values({HeaderId::extension, "diversion", ""}));
}

TEST(Check, gives_machines_what_it_gives_people) {
  const Explanation explanation = explain(sip(read("many_mistakes.sip")));
  const auto json = nlohmann::json::parse(to_json(explanation, "many_mistakes.sip"));
  EXPECT_EQ(json["valid"], false);
  ASSERT_EQ(json["errors"].size(), explanation.mistakes.size());
  for (std::size_t i = 0; i < explanation.mistakes.size(); ++i) {
    EXPECT_EQ(json["errors"][i]["offset"], explanation.mistakes[i].position.offset);
    EXPECT_EQ(json["errors"][i]["line"], explanation.mistakes[i].position.line);
    EXPECT_THAT(json["errors"][i]["section"], ::testing::StartsWith("RFC "));
  }
}

// Whatever is cut off, it ends, and offsets stay within what was given.
TEST(Check, explains_any_part_of_a_message) {
  for (const char* file : {"many_mistakes.sip", "multipart.sip", "session.sdp"}) {
    const std::string whole = sip(read(file));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Explanation explanation = explain(std::string_view(whole).substr(0, size));
      for (const auto* remarks : {&explanation.mistakes, &explanation.notes})
        for (const Mistake& mistake : *remarks) EXPECT_LE(mistake.position.offset, size);
      const bool may_be_valid = whole.starts_with("v=");  // half a session may be one
      EXPECT_TRUE(may_be_valid || !explanation.is_valid()) << file << " " << size;
    }
  }
}

TEST(Check, makes_octets_that_are_no_text_safe_to_print) {
  std::string message = sip(read("valid_response.sip"));
  message = replaced(message, "Ringing", "\x1b[31m\xff");
  const Explanation explanation = explain(message);
  EXPECT_EQ(to_text(explanation, "x").find('\x1b'), std::string::npos);
  EXPECT_TRUE(nlohmann::json::accept(to_json(explanation, "x")));
}

}  // namespace
}  // namespace sipring::app::test
