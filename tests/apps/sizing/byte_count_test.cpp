// SPDX-License-Identifier: MIT
#include <sizing/byte_count.h>

#include <gtest/gtest.h>

namespace sipring::app::test {
namespace {

TEST(ByteCount, is_read_with_and_without_a_unit) {
  EXPECT_EQ(parse_byte_count("65536"), 65'536u);
  EXPECT_EQ(parse_byte_count("3K"), 3'072u);
  EXPECT_EQ(parse_byte_count("512M"), 536'870'912u);
  EXPECT_EQ(parse_byte_count("4GiB"), 4'294'967'296u);
  EXPECT_EQ(parse_byte_count("1T"), 1'099'511'627'776u);
}

TEST(ByteCount, is_nothing_else) {
  for (const char* text : {"", "M", "4X", "4g", "-1", "1.5G", "4Gi", "4 G", "99999999999999999999",
                           "18446744073709551615K"})
    EXPECT_EQ(parse_byte_count(text), std::nullopt) << text;
}

TEST(ByteCount, is_written_with_two_digits_at_least) {
  EXPECT_EQ(byte_count_text(1'023), "1023 B");
  EXPECT_EQ(byte_count_text(1'024), "1.0 KiB");
  EXPECT_EQ(byte_count_text(1'610'612'736), "1.5 GiB");
  EXPECT_EQ(byte_count_text(536'870'912), "512 MiB");
}

}  // namespace
}  // namespace sipring::app::test
