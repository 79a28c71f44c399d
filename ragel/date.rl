// SIP-date (RFC 3261 sections 20.17, 25.1). Whether there is such a day is C++ after the machine.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/header/date.h>

#include <chrono>

namespace sipring {
namespace {

%%{
  machine date;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action digit { number = number * 10 + (fc - '0'); }
  action clear { number = 0; }
  action short_day { date.forgiven.add(Forgiveness::loose_date, static_cast<std::size_t>(p - 1 - octets(value.data()))); }
  action day { date.day = static_cast<std::uint8_t>(number); }
  action year { date.year = static_cast<std::uint16_t>(number); }
  action hour { date.hour = static_cast<std::uint8_t>(number); }
  action minute { date.minute = static_cast<std::uint8_t>(number); }
  action second { date.second = static_cast<std::uint8_t>(number); }

  wkday = "Sun"i @{ date.weekday = 0; } | "Mon"i @{ date.weekday = 1; } | "Tue"i @{ date.weekday = 2; } | "Wed"i @{ date.weekday = 3; }
        | "Thu"i @{ date.weekday = 4; } | "Fri"i @{ date.weekday = 5; } | "Sat"i @{ date.weekday = 6; };
  month = "Jan"i @{ date.month = 1; } | "Feb"i @{ date.month = 2; } | "Mar"i @{ date.month = 3; } | "Apr"i @{ date.month = 4; }
        | "May"i @{ date.month = 5; } | "Jun"i @{ date.month = 6; } | "Jul"i @{ date.month = 7; } | "Aug"i @{ date.month = 8; }
        | "Sep"i @{ date.month = 9; } | "Oct"i @{ date.month = 10; } | "Nov"i @{ date.month = 11; } | "Dec"i @{ date.month = 12; };
  day = ( DIGIT @digit ( DIGIT @digit | zlen %short_day ) ) >clear;
  hour = ( [01] @digit DIGIT @digit | "2" @digit [0-3] @digit ) >clear;
  sixtieth = ( [0-5] @digit DIGIT @digit ) >clear;
  # 60: a leap second.
  second = ( [0-5] @digit DIGIT @digit | "6" @digit "0" @digit ) >clear;
  date1 = day SP @day month SP ( DIGIT @digit ){4} >clear;
  time = hour ":" @hour sixtieth ":" @minute second;
  main := wkday "," SP date1 SP @year time SP @second "GMT"i;

  write data noerror noentry;
}%%

namespace chrono = std::chrono;
using detail::octets;

chrono::year_month_day day_of(const Date& date) {
  return chrono::year{date.year} / chrono::month{date.month} / chrono::day{date.day};
}

}  // namespace

Parsed<Date> parse_date(std::string_view value) {
  const unsigned char* p = detail::octets(value.data());
  const unsigned char* const pe = p + value.size();
  int number = 0;
  Date date;
  int cs = date_start;

  %% write exec;

  const auto fail = [](std::size_t offset) {
    return std::unexpected{ParseError{ParseErrorCode::date, static_cast<std::uint32_t>(offset)}};
  };
  if (cs < date_first_final) return fail(static_cast<std::size_t>(p - detail::octets(value.data())));
  if (!day_of(date).ok()) return fail(5);
  if (chrono::weekday{chrono::sys_days{day_of(date)}}.c_encoding() != date.weekday)
    date.forgiven.add(Forgiveness::loose_date, 0);
  return date;
}

std::int64_t Date::seconds_since_epoch() const {
  const auto days = chrono::sys_days{day_of(*this)}.time_since_epoch().count();
  return ((std::int64_t{days} * 24 + hour) * 60 + minute) * 60 + second;
}

}  // namespace sipring
