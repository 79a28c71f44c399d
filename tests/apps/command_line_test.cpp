// SPDX-License-Identifier: MIT
#include <command_line.h>

#include <gmock/gmock.h>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace sipring::app::test {
namespace {

enum class Color : std::uint8_t { red, green };

struct Values {
  std::string text = "as before";
  std::vector<std::string> texts;
  std::uint32_t number = 7;
  std::vector<std::uint32_t> numbers;
  std::optional<int> maybe;
  double real = 0.5;
  bool is_set = false;
  Color color = Color::red;
  std::string read = "not asked";
};

// What a line makes of them.
Values values_of(const std::string& line) {
  Values values;
  read_line(line, [&](CommandLine& command) {
    command.add("--text", values.text, "");
    command.add("--texts", values.texts, "");
    Flag number = command.add("--number", values.number, "").range(1, 10);
    command.add("--numbers", values.numbers, "").comma_separated().excludes(number);
    command.add("--maybe", values.maybe, "").range(-5, 5);
    command.add("--real", values.real, "").range(0.0, 1.0).needs(number);
    command.add("--set", values.is_set, "");
    command.add<Color>("--color", values.color, {{"red", Color::red}, {"green", Color::green}}, "");
    command.add_may_be_empty(
        "--read",
        [&](const std::string& value) {
          values.read = value;
          return value == "bad" ? "that is bad" : "";
        },
        "FILE", "");
  });
  return values;
}

// What is said against a line; empty: nothing.
std::string complaint_of(const std::string& line) {
  try {
    (void)values_of(line);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(CommandLine, leaves_alone_what_the_line_does_not_name) {
  const Values values = values_of("");
  EXPECT_EQ(values.text, "as before");
  EXPECT_EQ(values.number, 7U);
  EXPECT_EQ(values.maybe, std::nullopt);
  EXPECT_EQ(values.color, Color::red);
  EXPECT_EQ(values.read, "not asked");
}

TEST(CommandLine, reads_each_kind_of_value) {
  const Values values = values_of(
      "--text a --texts b --texts c --number 9 --maybe -3 --real 0.25 --set --color green");
  EXPECT_EQ(values.text, "a");
  EXPECT_THAT(values.texts, ::testing::ElementsAre("b", "c"));
  EXPECT_EQ(values.number, 9U);
  EXPECT_EQ(values.maybe, -3);
  EXPECT_EQ(values.real, 0.25);
  EXPECT_TRUE(values.is_set);
  EXPECT_EQ(values.color, Color::green);
  EXPECT_THAT(values_of("--numbers 2,3").numbers, ::testing::ElementsAre(2U, 3U));
}

TEST(CommandLine, refuses_what_is_out_of_its_range_or_no_word_of_its_own) {
  EXPECT_EQ(complaint_of("--number 10"), "");
  EXPECT_THAT(complaint_of("--number 11"), ::testing::HasSubstr("1"));
  EXPECT_NE(complaint_of("--number 0"), "");
  EXPECT_NE(complaint_of("--number x"), "");
  EXPECT_NE(complaint_of("--real 1.5 --number 2"), "");
  EXPECT_NE(complaint_of("--color blue"), "");
  EXPECT_NE(complaint_of("--unknown"), "");
}

TEST(CommandLine, knows_what_goes_with_what) {
  EXPECT_EQ(complaint_of("--real 0.5 --number 2"), "");
  EXPECT_NE(complaint_of("--real 0.5"), "");
  EXPECT_NE(complaint_of("--numbers 2 --number 2"), "");
}

TEST(CommandLine, hands_over_a_value_that_may_be_missing) {
  EXPECT_EQ(values_of("--read").read, "");
  EXPECT_EQ(values_of("--read file").read, "file");
  EXPECT_THAT(complaint_of("--read bad"), ::testing::HasSubstr("that is bad"));
}

}  // namespace
}  // namespace sipring::app::test
