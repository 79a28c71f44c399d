// Values of header fields as the field writes them, in every place where a kind of them can stand:
// tests/corpus/field/variants.tsv. Columns: header field, value, notes ("~" before each) or the
// mistake ("valid": neither), which kind of what the field does.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/registry.h>

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/core/message/table.h"

namespace sipring {
namespace {

std::string text_of(const HeaderVerdict& verdict) {
  if (verdict.error.code != ParseErrorCode::none) return std::string(to_string(verdict.error.code));
  std::string text;
  for (unsigned i = 0; i < std::to_underlying(Forgiveness::count); ++i)
    if (const auto kind = static_cast<Forgiveness>(i); verdict.forgiven.has(kind))
      text += (text.empty() ? "~" : " ~") + std::string(to_string(kind));
  return text.empty() ? "valid" : text;
}

TEST(FieldVariants, are_read_as_the_table_says) {
  const auto rows = testing::read_table("field/variants.tsv");
  testing::EdgeText edge{0, 4096};
  for (const testing::Row& row : rows) {
    const HeaderField field{header_id_from(row[0]), row[0], edge.hold(testing::unescaped(row[1]))};
    EXPECT_EQ(text_of(verdict_of(field)), row[2]) << row[0] << ": " << row[1];
  }
  EXPECT_GE(rows.size(), 300U);
}

}  // namespace
}  // namespace sipring
