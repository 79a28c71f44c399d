// Parameters: looked up by name, one after the other, unquoted.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/params.h>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "tests/core/message/texts.h"

namespace sipring {
namespace {

TEST(Parameter, is_found_without_case) {
  constexpr std::string_view text = ";a=1;Branch = z9 ;lr; q=\"x;tag=no\" ;tag=yes";
  EXPECT_EQ(parameter(text, "A"), "1");
  EXPECT_EQ(parameter(text, "branch"), "z9");
  EXPECT_EQ(parameter(text, "lr"), "");
  EXPECT_EQ(parameter(text, "q"), "\"x;tag=no\"");
  EXPECT_EQ(parameter(text, "TAG"), "yes");
  EXPECT_EQ(parameter(text, "b"), std::nullopt);
  EXPECT_EQ(parameter("", "a"), std::nullopt);
}

TEST(Parameter, reads_uri_parameters_too) {
  EXPECT_EQ(parameter(";maddr=[::1];x=a/b", "maddr"), "[::1]");
  EXPECT_EQ(parameter(";maddr=[::1];x=a/b", "x"), "a/b");
}

std::vector<std::string> texts_of(std::string_view parameters) {
  std::vector<std::string> texts;
  for (const Parameter& each : Parameters(parameters)) texts.emplace_back(each.text);
  return texts;
}

TEST(ParameterIteration, hands_out_each_as_written) {
  testing::EdgeText edge{0, 4096};
  EXPECT_EQ(texts_of(edge.hold(";a=1; Branch = z9 ;lr\r\n ;\tq=\"x;y=\\\"z\"")),
            (std::vector<std::string>{"a=1", "Branch = z9", "lr", "q=\"x;y=\\\"z\""}));
  EXPECT_EQ(texts_of(edge.hold(";x")), (std::vector<std::string>{"x"}));
  EXPECT_EQ(texts_of(edge.hold(" ;x = y ")), (std::vector<std::string>{"x = y"}));
  EXPECT_EQ(texts_of(edge.hold("")), std::vector<std::string>{});
  EXPECT_EQ(texts_of({}), std::vector<std::string>{});
}

TEST(ParameterIteration, tells_name_and_value_apart) {
  const Parameters parameters(";lr;tag = \"a b\"");
  auto at = parameters.begin();
  EXPECT_EQ(at->name, "lr");
  EXPECT_EQ(at->value, "");
  ++at;
  EXPECT_EQ(at->name, "tag");
  EXPECT_EQ(at->value, "\"a b\"");
  ++at;
  EXPECT_EQ(at, parameters.end());
}

TEST(ParameterIteration, ends_at_a_mistake) {
  for (const auto* text : {";a=1;;b", ";a=1;=b", ";a=1;b=\"open", ";a=1;b=;c"})
    EXPECT_EQ(texts_of(text), (std::vector<std::string>{"a=1"})) << text;
}

TEST(Unquote, says_what_was_quoted) {
  std::array<char, 64> room{};
  const std::pair<std::string_view, std::string_view> sayings[] = {
      {"\"\"", ""},
      {"\"a b\"", "a b"},
      {"token", "token"},
      {"", ""},
      {"\"a\\\"b\\\\c\"", "a\"b\\c"},
      {"\"\\a\"", "a"},
      {"\"a  \r\n\t b\"", "a b"},
      {"\"\\ \r\n b  c\"", "  b  c"},
  };
  for (const auto& [quoted, said] : sayings) EXPECT_EQ(unquote(quoted, room), said) << quoted;
}

TEST(Unquote, copies_only_what_has_to_change) {
  std::array<char, 8> room{};
  const std::string_view plain = "\"atlanta.com and more\"";
  EXPECT_EQ(unquote(plain, room)->data(), plain.data() + 1);
  EXPECT_EQ(unquote("\"a\\b\"", room)->data(), room.data());
}

TEST(Unquote, needs_room_for_what_it_says) {
  std::array<char, 3> room{};
  EXPECT_EQ(unquote("\"a\\bc\"", room), "abc");
  EXPECT_EQ(unquote("\"a\\bcd\"", room), std::nullopt);
  EXPECT_EQ(unquote("\"\\a\"", {}), std::nullopt);
}

}  // namespace
}  // namespace sipring
