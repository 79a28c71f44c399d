// SPDX-License-Identifier: MIT
#include <sipring/io/tls_failure.h>

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace sipring {
namespace {

TEST(TlsFailure, each_code_has_a_name_and_advice_of_its_own) {
  std::set<std::string_view> names;
  std::set<std::string_view> advices;
  for (std::uint8_t i = 0; i < tls_failure_codes; ++i) {
    names.insert(to_string(static_cast<TlsFailureCode>(i)));
    advices.insert(advice(static_cast<TlsFailureCode>(i)));
  }
  EXPECT_EQ(names.size(), tls_failure_codes);
  EXPECT_EQ(advices.size(), tls_failure_codes);
  EXPECT_FALSE(names.contains("unknown"));
  EXPECT_FALSE(advices.contains(""));
}

}  // namespace
}  // namespace sipring
