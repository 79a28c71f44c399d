// Numbers and times.
// SPDX-License-Identifier: MIT
#include <check/typed/typed.h>

#include <sipring/core/message/header/date.h>
#include <sipring/core/message/header/retry_after.h>
#include <sipring/core/message/header/timestamp.h>
#include <sipring/core/message/header/values.h>

#include <fmt/format.h>

namespace sipring::app::typed {
namespace {

TypedValue number(std::uint32_t number) {
  return {{"number", std::to_string(number)}};
}
TypedValue octets(std::uint32_t number) {
  return {{"octets", std::to_string(number)}};
}
TypedValue seconds(std::uint32_t number) {
  return {{"seconds", std::to_string(number)}};
}

TypedValue date(const Date& date) {
  return {{"time", fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", date.year, date.month,
                               date.day, date.hour, date.minute, date.second)}};
}

TypedValue retry_after(const RetryAfter& retry_after) {
  TypedValue typed = seconds(retry_after.seconds);
  put(typed, "comment", retry_after.comment);
  put(typed, "duration", retry_after.duration);
  return typed;
}

TypedValue timestamp(const Timestamp& timestamp) {
  TypedValue typed;
  put(typed, "seconds", timestamp.value_text);
  put(typed, "delay", timestamp.delay_text);
  return typed;
}

constexpr Row number_rows[] = {
    {HeaderId::content_length, one<parse_content_length, octets>},
    {HeaderId::date, one<parse_date, date>},
    {HeaderId::expires, one<parse_expires, seconds>},
    {HeaderId::flow_timer, one<parse_flow_timer, seconds>},
    {HeaderId::max_breadth, one<parse_max_breadth, number>},
    {HeaderId::max_forwards, one<parse_max_forwards, number>},
    {HeaderId::min_expires, one<parse_min_expires, seconds>},
    {HeaderId::retry_after, one<parse_retry_after, retry_after>},
    {HeaderId::timestamp, one<parse_timestamp, timestamp>},
};

}  // namespace

void put_quality(TypedValue& typed, std::uint16_t thousandths) {
  typed.emplace_back("q", fmt::format("{:g}", thousandths / 1000.0));
}

std::span<const Row> numbers() {
  return number_rows;
}

}  // namespace sipring::app::typed
