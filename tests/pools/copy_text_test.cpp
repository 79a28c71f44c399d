// SPDX-License-Identifier: MIT
#include <sipring/pools/detail/copy_text.h>

#include <gtest/gtest.h>

#include <string>

namespace sipring::test {
namespace {

TEST(CopyText, copies_texts_of_every_length_and_nothing_beside_them) {
  std::string from;
  for (int i = 0; i < 100; ++i) from += static_cast<char>('!' + i % 90);
  for (std::size_t size = 0; size <= from.size(); ++size) {
    std::string to(from.size() + 2, '\0');
    copy_text(to.data() + 1, std::string_view(from).substr(0, size));
    EXPECT_EQ(to, '\0' + from.substr(0, size) + std::string(from.size() + 1 - size, '\0')) << size;
  }
}

}  // namespace
}  // namespace sipring::test
