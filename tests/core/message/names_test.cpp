// SPDX-License-Identifier: MIT
#include <sipring/core/message/names.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

namespace sipring {
namespace {

constexpr Method all_methods[] = {
#define SIPRING_METHOD(id, text) Method::id,
#include <sipring/core/message/names.def>
#undef SIPRING_METHOD
};

constexpr HeaderId all_headers[] = {
#define SIPRING_HEADER(id, text, compact) HeaderId::id,
#include <sipring/core/message/names.def>
#undef SIPRING_HEADER
};

std::string upper(std::string_view text) {
  std::string result{text};
  for (char& octet : result)
    octet = static_cast<char>(std::toupper(static_cast<unsigned char>(octet)));
  return result;
}

TEST(Names, every_method_round_trips) {
  EXPECT_EQ(std::size(all_methods), 14U);
  for (const Method method : all_methods) EXPECT_EQ(method_from(to_string(method)), method);
}

TEST(Names, methods_are_case_sensitive_and_whole) {
  for (const Method method : all_methods) {
    const std::string text{to_string(method)};
    std::string other = text;
    other.back() = static_cast<char>(std::tolower(static_cast<unsigned char>(other.back())));
    for (const std::string& wrong :
         {other, text + "X", text.substr(1), text.substr(0, text.size() - 1)})
      EXPECT_EQ(method_from(wrong), Method::unknown) << wrong;
  }
  EXPECT_EQ(method_from(""), Method::unknown);
}

TEST(Names, every_header_round_trips_in_any_case) {
  EXPECT_GE(std::size(all_headers), 130U);
  for (const HeaderId id : all_headers) {
    const std::string text{to_string(id)};
    EXPECT_EQ(header_id_from(text), id) << text;
    EXPECT_EQ(header_id_from(upper(text)), id) << text;
  }
}

TEST(Names, compact_forms_are_unique_and_round_trip) {
  std::set<char> seen;
  for (const HeaderId id : all_headers) {
    const auto compact = compact_form(id);
    if (!compact) continue;
    EXPECT_TRUE(seen.insert(*compact).second) << *compact;
    EXPECT_EQ(header_id_from({&*compact, 1}), id);
    EXPECT_EQ(header_id_from(upper({&*compact, 1})), id);
  }
  EXPECT_EQ(seen.size(), 20U);
}

TEST(Names, are_those_of_one_id_only) {
  for (const HeaderId id : all_headers) {
    const std::string text{to_string(id)};
    const auto compact = compact_form(id);
    for (const HeaderId other : all_headers) {
      EXPECT_EQ(is_name_of(other, text), other == id) << text;
      EXPECT_EQ(is_name_of(other, upper(text)), other == id) << text;
      if (compact) {
        EXPECT_EQ(is_name_of(other, {&*compact, 1}), other == id) << *compact;
        EXPECT_EQ(is_name_of(other, upper({&*compact, 1})), other == id) << *compact;
      }
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string wrong = text;
      wrong[i] = static_cast<char>(wrong[i] ^ 0x40);
      EXPECT_FALSE(is_name_of(id, wrong)) << wrong;
    }
    EXPECT_FALSE(is_name_of(id, ""));
    EXPECT_FALSE(is_name_of(id, text + "-"));
  }
  EXPECT_FALSE(is_name_of(HeaderId::extension, ""));
  EXPECT_FALSE(is_name_of(HeaderId::extension, "X"));
}

TEST(Names, near_misses_are_extensions) {
  for (const HeaderId id : all_headers) {
    const std::string text{to_string(id)};
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string wrong = text;
      wrong[i] = wrong[i] == '-' ? '\r' : static_cast<char>(wrong[i] ^ 0x40);
      EXPECT_EQ(header_id_from(wrong), HeaderId::extension) << wrong;
    }
    EXPECT_EQ(header_id_from(text + "-"), HeaderId::extension);
    EXPECT_EQ(header_id_from(text + ":"), HeaderId::extension);
  }
  EXPECT_EQ(header_id_from(""), HeaderId::extension);
  EXPECT_EQ(header_id_from(std::string(300, 'a')), HeaderId::extension);
}

}  // namespace
}  // namespace sipring
