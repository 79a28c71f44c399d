// Values that are one word or one number: Call-ID, Max-Forwards, Content-Length, Expires (RFC 3261 sections 20.8, 20.14, 20.19, 20.22).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/header/values.h>

#include <algorithm>
#include <limits>

namespace sipring {
namespace {

%%{
  machine values;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action skip_word { p = detail::skip<detail::word_octet>(p + 1, pe, wide) - 1; }
  action number { number = detail::read_number(p, pe, largest); --p; }

  call_id := word >skip_word ( "@" word >skip_word )?;
  delta_seconds := DIGIT+ >number;

  write data noerror;
}%%

constexpr std::uint64_t largest = std::uint64_t{1} << 32;  // one more than fits: the callers saturate or refuse

const unsigned char* octets(const char* p) { return reinterpret_cast<const unsigned char*>(p); }

std::uint32_t offset_of(std::string_view value, const unsigned char* p) {
  return static_cast<std::uint32_t>(p - octets(value.data()));
}

Parsed<std::uint64_t> parse_at(std::string_view value, int cs, ParseErrorCode code) {
  const unsigned char* p = octets(value.data());
  const unsigned char* const pe = p + value.size();
  const bool wide = value.size() >= detail::run_vector;
  std::uint64_t number = 0;

  %% write exec;

  if (p != pe || cs < values_first_final) return std::unexpected{ParseError{code, offset_of(value, p)}};
  return number;
}

Parsed<std::uint32_t> parse_number(std::string_view value, std::uint64_t most, ParseErrorCode code) {
  const Parsed<std::uint64_t> number = parse_at(value, values_en_delta_seconds, code);
  if (!number) return std::unexpected{number.error()};
  if (*number > most) return std::unexpected{ParseError{code, 0}};
  return static_cast<std::uint32_t>(*number);
}

}  // namespace

Parsed<std::string_view> parse_call_id(std::string_view value) {
  const Parsed<std::uint64_t> word = parse_at(value, values_en_call_id, ParseErrorCode::call_id);
  if (!word) return std::unexpected{word.error()};
  return value;
}

Parsed<std::uint32_t> parse_max_forwards(std::string_view value) {
  return parse_number(value, 255, ParseErrorCode::number);
}

Parsed<std::uint32_t> parse_content_length(std::string_view value) {
  return parse_number(value, std::numeric_limits<std::uint32_t>::max(), ParseErrorCode::content_length);
}

Parsed<std::uint32_t> parse_expires(std::string_view value) {
  const Parsed<std::uint64_t> number = parse_at(value, values_en_delta_seconds, ParseErrorCode::number);
  if (!number) return std::unexpected{number.error()};
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(*number, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace sipring
