// Parameters: looked up by name, one after the other.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/params.h>

#include <gtest/gtest.h>

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
  EXPECT_EQ(parameter(";x=a,b;y=c", "x"), "a,b");
  EXPECT_EQ(parameter(";x=a,b;y=c", "y"), "c");
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
  for (const auto* text : {";a=1;=b", ";a=1;b=\"open", ";a=1;b=<c\r"})
    EXPECT_EQ(texts_of(text), (std::vector<std::string>{"a=1"})) << text;
}

TEST(ParameterIteration, walks_what_authenticates_too) {
  EXPECT_EQ(texts_of("realm=\"a, b\",\r\n nonce = \"n;\" , uri=x/y=="),
            (std::vector<std::string>{"realm=\"a, b\"", "nonce = \"n;\"", "uri=x/y=="}));
  EXPECT_EQ(parameter("realm=\"a, b\", NC=1", "nc"), "1");
}

}  // namespace
}  // namespace sipring
