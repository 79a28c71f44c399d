// SPDX-License-Identifier: MIT
#include <check/line_index.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace sipring::app::test {
namespace {

TEST(LineIndex, counts_from_one_whatever_the_offset) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += std::string(static_cast<std::size_t>(i % 7), 'x') + "\n";
  const LineIndex lines(text);
  for (std::size_t offset = 0; offset <= text.size(); ++offset) {
    const auto begin = text.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(offset);
    EXPECT_EQ(lines.line_at(offset), 1u + static_cast<std::size_t>(std::count(begin, end, '\n')));
  }
  EXPECT_EQ(LineIndex("").line_at(0), 1u);
}

TEST(LineIndex, looks_at_a_few_octets_for_each_question_however_long_the_text) {
  const std::string text(1'000'000, '\n');
  const LineIndex lines(text);
  EXPECT_LE(lines.visited(), text.size());
  const std::uint64_t before = lines.visited();
  for (std::size_t offset = 0; offset < text.size(); offset += 1'000) (void)lines.line_at(offset);
  EXPECT_LE(lines.visited() - before, 64u * 1'000);
}

}  // namespace
}  // namespace sipring::app::test
