// `sipring check` beside the files of golden/: NAME.expect is what it says of NAME.sip. The files'
// lines end in LF, for editors; they are read with CRLF, all but lf_only.sip.
// SPDX-License-Identifier: MIT
#include <check/explanation.h>

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/sip_text.h"

namespace sipring::test {
namespace {

std::string read(const std::string& name) {
  std::ifstream file(std::string(SIPRING_SOURCE_DIR) + "/tests/apps/check/golden/" + name,
                     std::ios::binary);
  EXPECT_TRUE(file.is_open()) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

class Golden : public ::testing::TestWithParam<const char*> {};

TEST_P(Golden, message_is_explained_as_written_beside_it) {
  const std::string name = GetParam();
  const std::string text = read(name + ".sip");
  const Explanation explanation = explain(name == "lf_only" ? text : sip(text));
  EXPECT_EQ(to_text(explanation, name + ".sip"), read(name + ".expect"));
}

INSTANTIATE_TEST_SUITE_P(Check, Golden,
                         ::testing::Values("valid_invite", "valid_response", "many_mistakes",
                                           "start_line_and_more", "body_too_short", "lf_only"));

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
  const std::string whole = sip(read("many_mistakes.sip"));
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const Explanation explanation = explain(std::string_view(whole).substr(0, size));
    EXPECT_FALSE(explanation.is_valid()) << size;
    for (const Mistake& mistake : explanation.mistakes) EXPECT_LE(mistake.position.offset, size);
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
}  // namespace sipring::test
