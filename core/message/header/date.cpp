// Dates from numbers, and their text. Reading is ragel/date.rl.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/date.h>

#include <algorithm>
#include <chrono>

namespace sipring {
namespace {

constexpr std::string_view weekdays = "SunMonTueWedThuFriSat";
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

char* put(char* at, std::string_view text) {
  return std::ranges::copy(text, at).out;
}

char* put_digits(char* at, unsigned int number, int digits) {
  for (int i = digits; i-- > 0; number /= 10) at[i] = static_cast<char>('0' + number % 10);
  return at + digits;
}

}  // namespace

std::optional<Date> date_from_epoch(std::int64_t seconds) {
  namespace chrono = std::chrono;
  constexpr std::int64_t first = -62'167'219'200;  // 0000-01-01 00:00:00
  constexpr std::int64_t last = 253'402'300'799;   // 9999-12-31 23:59:59
  if (seconds < first || seconds > last) return std::nullopt;
  const chrono::sys_seconds time{chrono::seconds{seconds}};
  const auto days = chrono::floor<chrono::days>(time);
  const chrono::year_month_day day{days};
  const chrono::hh_mm_ss clock{time - days};
  return Date{.year = static_cast<std::uint16_t>(static_cast<int>(day.year())),
              .month = static_cast<std::uint8_t>(static_cast<unsigned>(day.month())),
              .day = static_cast<std::uint8_t>(static_cast<unsigned>(day.day())),
              .hour = static_cast<std::uint8_t>(clock.hours().count()),
              .minute = static_cast<std::uint8_t>(clock.minutes().count()),
              .second = static_cast<std::uint8_t>(clock.seconds().count()),
              .weekday = static_cast<std::uint8_t>(chrono::weekday{days}.c_encoding())};
}

std::string_view write_date(const Date& date, std::span<char, date_size> room) {
  char* at = put(room.data(), weekdays.substr(std::size_t{date.weekday} * 3, 3));
  at = put_digits(put(at, ", "), date.day, 2);
  at = put(put(at, " "), months.substr(std::size_t{date.month} * 3 - 3, 3));
  at = put_digits(put(at, " "), date.year, 4);
  at = put_digits(put(at, " "), date.hour, 2);
  at = put_digits(put(at, ":"), date.minute, 2);
  at = put_digits(put(at, ":"), date.second, 2);
  put(at, " GMT");
  return {room.data(), room.size()};
}

}  // namespace sipring
