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

// A message that ends within its head is told to be incomplete, and nothing else is held against
// what is there.
TEST(Check, an_end_within_the_head_is_one_error) {
  std::string whole = sip(read("valid_invite.sip"));
  whole.resize(whole.find("\r\n\r\n"));
  for (std::size_t size = whole.find('\n') + 1; size < whole.size(); ++size) {
    const Explanation explanation = explain(std::string_view(whole).substr(0, size));
    ASSERT_EQ(explanation.mistakes.size(), 1u) << whole.substr(0, size);
    EXPECT_EQ(explanation.mistakes[0].code, "incomplete");
    EXPECT_EQ(explanation.kind, "INVITE");
  }
  EXPECT_EQ(explain(whole + "\r\n").fields.size(), explain(whole + "\r\n\r\n").fields.size());
  const Explanation wrong = explain(replaced(whole, "Max-Forwards: 70", "Max-Forwards: x"));
  EXPECT_EQ(wrong.mistakes.size(), 2u);  // what is there is judged
}

TEST(Check, octets_behind_a_message_are_a_note) {
  const std::string message = sip(read("valid_response.sip"));
  ASSERT_TRUE(explain(message).notes.empty());
  for (const bool strict : {false, true}) {
    const Explanation explanation = explain(message + "12345", strict);
    EXPECT_TRUE(explanation.is_valid());
    ASSERT_EQ(explanation.notes.size(), 1u);
    EXPECT_EQ(explanation.notes[0].code, "octets_behind");
    EXPECT_EQ(explanation.notes[0].position.offset, message.size());
    EXPECT_THAT(explanation.notes[0].text, ::testing::StartsWith("5 octets behind"));
  }
}

TEST(Check, keep_alives_are_no_broken_messages) {
  for (const char* text : {"\r\n\r\n", "jaK", "  "}) {
    const Explanation explanation = explain(text);
    EXPECT_TRUE(explanation.is_valid());
    EXPECT_EQ(explanation.kind, "keep-alive");
  }
  EXPECT_FALSE(explain("").is_valid());
}

// Texts of `size` octets that give much to say, one kind each.
std::vector<std::string> texts_of(std::size_t size) {
  const std::string head = "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 h\r\nt=0 0\r\n";
  const std::string start = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n";
  const auto filled = [size](std::string text, std::string_view line, std::string_view end = "") {
    while (text.size() + line.size() + end.size() <= size) text += line;
    return text + std::string(end);
  };
  return {filled(head + "m=audio 4000 RTP/AVP 0\r\n", "a=x\r\n"),
          filled(head + "m=audio 4000 RTP/AVP 0\n", "a=x\n"),
          filled(head + "m=audio 4000 RTP/AVP 0\r\n", "a=rtpmap:x\r\n"),
          filled(head, "m=audio 4000 RTP/AVP 0\r\n"),
          filled(start, "X: y\r\n", "\r\n"),
          filled(start, "X: y\n", "\r\n"),
          filled(start, "Date: x\r\n", "\r\n"),
          filled(start, "Via: SIP/2.0/UDP h;branch=z9hG4bK1, ,\r\n", "\r\n"),
          filled(start, "no colon\r\n", "\r\n"),
          filled(start + "Content-Type: multipart/mixed;boundary=b\r\n\r\n", "--b\r\n\r\nx\r\n",
                 "--b--"),
          filled(start + "Content-Type: message/sipfrag\r\n\r\n", "Date: x\r\n")};
}

// Twice the octets are twice the work, and not four times. Octets and comparisons are counted: time
// would tell of the machine.
TEST(Check, works_in_proportion_to_the_octets) {
  const auto half = texts_of(15'000), whole = texts_of(30'000), most = texts_of(60'000);
  for (std::size_t i = 0; i < half.size(); ++i) {
    const auto less = static_cast<double>(explain(half[i]).work);
    const auto more = static_cast<double>(explain(whole[i]).work);
    const auto all = static_cast<double>(explain(most[i]).work);
    EXPECT_LE(more, 2.4 * less) << most[i].substr(0, 200);
    EXPECT_LE(all, 2.4 * more) << most[i].substr(0, 200);
  }
}

TEST(Check, tells_at_once_what_is_too_large) {
  for (const std::size_t size : {250'000, 10'000'000}) {
    for (const std::string& text : texts_of(size)) {
      const Explanation explanation = explain(text);
      EXPECT_FALSE(explanation.is_valid());
      EXPECT_EQ(explanation.octets, text.size());
      EXPECT_LE(explanation.work, 5'000'000u) << text.substr(0, 200);
      EXPECT_TRUE(std::ranges::any_of(explanation.mistakes, [](const Mistake& mistake) {
        return mistake.code.ends_with("_too_large");
      })) << text.substr(0, 200);
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
