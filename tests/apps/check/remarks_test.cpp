// SPDX-License-Identifier: MIT
#include <check/remarks.h>

#include <gtest/gtest.h>

#include <string>

namespace sipring::app::test {
namespace {

Mistake at(std::size_t offset, std::string code, std::string text = "") {
  return {{offset, 1}, std::move(code), std::move(text), ""};
}

TEST(Remarks, come_out_once_and_in_the_order_of_their_places) {
  Remarks remarks;
  remarks.add(at(9, "via"));
  remarks.add(at(3, "cseq", "first"));
  remarks.add(at(3, "date"));
  remarks.add(at(9, "via", "told again"));
  const auto all = remarks.take();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].code + all[1].code + all[2].code, "cseqdatevia");
}

TEST(Remarks, of_what_is_absent_are_told_apart_by_their_text) {
  Remarks remarks;
  remarks.add(at(5, "missing_header", "To is absent"), true);
  remarks.add(at(5, "missing_header", "From is absent"), true);
  remarks.add(at(5, "missing_header", "To is absent"), true);
  EXPECT_EQ(remarks.take().size(), 2u);
}

TEST(Remarks, are_found_between_two_places) {
  Remarks remarks;
  remarks.add(at(5, "via"));
  EXPECT_TRUE(remarks.has("via", 5, 5));
  EXPECT_TRUE(remarks.has("via", 0, 9));
  EXPECT_FALSE(remarks.has("via", 6, 9));
  EXPECT_FALSE(remarks.has("via", 0, 4));
  EXPECT_FALSE(remarks.has("vi", 0, 9));
}

TEST(Remarks, cost_no_more_than_the_logarithm_of_their_number_each) {
  Remarks remarks;
  for (std::size_t i = 100'000; i-- > 0;) remarks.add(at(i, "via"));
  EXPECT_EQ(remarks.take().size(), 100'000u);
  EXPECT_LE(remarks.compared(), 100'000u * 60);
}

}  // namespace
}  // namespace sipring::app::test
