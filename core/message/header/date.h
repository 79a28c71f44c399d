// Date: RFC 3261 section 20.17, "Sat, 13 Nov 2010 23:29:00 GMT". Read and written; which time it is
// somebody else has to know.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

// A second of the Gregorian calendar, in GMT.
struct Date {
  std::uint16_t year = 1970;  // 0 to 9999
  std::uint8_t month = 1;     // 1 to 12
  std::uint8_t day = 1;       // 1 to 31
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;   // 0 to 60: a leap second is the next minute's first
  std::uint8_t weekday = 4;  // 0: Sunday
  Forgiven forgiven = {};
  friend bool operator==(const Date&, const Date&) = default;

  // Since 1970-01-01 00:00:00 GMT; negative before.
  [[nodiscard]] std::int64_t seconds_since_epoch() const;
};

// Refuses a day that its month does not have. Forgives a day of one digit, and a weekday that is
// not that day's.
Parsed<Date> parse_date(std::string_view value);

// nullopt beyond the years 0 to 9999.
[[nodiscard]] std::optional<Date> date_from_epoch(std::int64_t seconds);

inline constexpr std::size_t date_size = 29;
// The value of a Date header field, a view of `room`.
std::string_view write_date(const Date& date, std::span<char, date_size> room);

}  // namespace sipring
