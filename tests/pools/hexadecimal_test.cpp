// SPDX-License-Identifier: MIT
#include <sipring/pools/hexadecimal.h>

#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <string>
#include <string_view>

namespace sipring::test {
namespace {

std::string written(std::uint64_t number) {
  std::string text(hex_digits_of_word, '?');
  EXPECT_EQ(put_hexadecimal(text.data(), number), text.data() + text.size());
  return text;
}

TEST(Hexadecimal, is_what_printf_writes_and_reads_back) {
  std::mt19937_64 random{16};
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t number = i == 0 ? 0 : i == 1 ? ~std::uint64_t{0} : random();
    char expected[17];
    std::snprintf(expected, sizeof expected, "%016llx", static_cast<unsigned long long>(number));
    ASSERT_EQ(written(number), expected);
    ASSERT_EQ(read_hexadecimal<std::uint64_t>(expected), number);
  }
}

TEST(Hexadecimal, takes_capitals_and_no_other_octet_in_any_place) {
  const std::string good = "0123456789abcdef";
  EXPECT_EQ(read_hexadecimal<std::uint64_t>("0123456789ABCDEF"), 0x0123456789abcdefU);
  for (std::size_t place = 0; place < good.size(); ++place) {
    for (int octet = 0; octet < 256; ++octet) {
      std::string text = good;
      text[place] = static_cast<char>(octet);
      const bool is_digit = octet < 128 && std::isxdigit(octet) != 0;
      EXPECT_EQ(read_hexadecimal<std::uint64_t>(text.data()).has_value(), is_digit)
          << place << ": " << octet;
    }
  }
}

TEST(Hexadecimal, of_32_bits_has_eight_digits) {
  char text[8];
  EXPECT_EQ(put_hexadecimal(text, std::uint32_t{0x89ab'cdef}), text + sizeof text);
  EXPECT_EQ(std::string_view(text, sizeof text), "89abcdef");
  EXPECT_EQ(read_hexadecimal<std::uint32_t>(text), 0x89ab'cdefU);
  EXPECT_EQ(read_hexadecimal<std::uint32_t>("89abcdeg"), std::nullopt);
}

}  // namespace
}  // namespace sipring::test
