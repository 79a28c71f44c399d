// Dates as numbers, and written.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/date.h>

#include <gtest/gtest.h>
#include <sipring/core/message/message.h>
#include <sipring/core/message/parser.h>

#include <array>
#include <memory_resource>

#include "tests/core/message/texts.h"

namespace sipring {
namespace {

TEST(DateParser, reads_each_part) {
  EXPECT_EQ(parse_date("Sat, 13 Nov 2010 23:29:07 GMT"), (Date{.year = 2010,
                                                               .month = 11,
                                                               .day = 13,
                                                               .hour = 23,
                                                               .minute = 29,
                                                               .second = 7,
                                                               .weekday = 6}));
}

TEST(DateParser, refuses_the_zone_of_the_torture_test) {
  testing::EdgeText edge{readable_padding};
  Message message{128, *std::pmr::new_delete_resource()};
  const std::string text = testing::read_file(testing::corpus_path() / "rfc4475/baddate.dat");
  ASSERT_TRUE(parse(edge.hold(text), message));
  const auto value = message.first(HeaderId::date);
  ASSERT_TRUE(value);
  EXPECT_EQ(parse_date(*value).error(), (ParseError{ParseErrorCode::date, 26}));
}

TEST(DateWriter, gives_back_every_day_of_some_years) {
  std::array<char, date_size> room{};
  constexpr std::int64_t step = 86'399;  // so that hours, minutes and seconds move too
  for (std::int64_t seconds = -86'400LL * 800; seconds < 86'400LL * 24'000; seconds += step) {
    const auto date = date_from_epoch(seconds);
    ASSERT_TRUE(date) << seconds;
    const std::string_view text = write_date(*date, room);
    ASSERT_EQ(parse_date(text), *date) << text;
    ASSERT_EQ(date->seconds_since_epoch(), seconds) << text;
  }
}

TEST(DateWriter, keeps_to_four_digits_of_years) {
  std::array<char, date_size> room{};
  EXPECT_EQ(write_date(*date_from_epoch(253'402'300'799), room), "Fri, 31 Dec 9999 23:59:59 GMT");
  EXPECT_EQ(date_from_epoch(253'402'300'800), std::nullopt);
  EXPECT_EQ(write_date(*date_from_epoch(-62'167'219'200), room), "Sat, 01 Jan 0000 00:00:00 GMT");
  EXPECT_EQ(date_from_epoch(-62'167'219'201), std::nullopt);
  EXPECT_EQ(write_date(Date{}, room), "Thu, 01 Jan 1970 00:00:00 GMT");
}

}  // namespace
}  // namespace sipring
