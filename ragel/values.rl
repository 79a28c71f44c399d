// Values that are one word or one number: Call-ID, Max-Forwards, Content-Length, Expires (RFC 3261 sections 20.8, 20.14, 20.19, 20.22),
// and those of the same kinds.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/ordinary_number.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/header/values.h>

#include <algorithm>
#include <limits>

namespace sipring {
namespace {

using detail::octets;

%%{
  machine call_id;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action skip_word { p = detail::skip<detail::word_octet>(p + 1, pe, wide) - 1; }

  main := word >skip_word ( "@" word >skip_word )?;

  write data noerror noentry;
}%%

%%{
  machine in_reply_to;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";
  include value_rules "value_rules.rl";

  action call_id { call.call_id = detail::text_from(begin, p); }

  action loose { call.forgiven.add(Forgiveness::loose_call_id, static_cast<std::size_t>(p - octets(value.data()))); }

  loose_word = ( tchar | [()<>:\\"/\[\]?{}] | ( [#$&;=^|] | UTF8_NONASCII ) @loose )+;
  main := SWS ( loose_word ( "@" loose_word ( "@" @loose loose_word )* )? ) >begin %call_id SWS ( "," @comma )?;

  write data noerror noentry;
}%%

%%{
  machine delta_seconds;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action number { number = detail::read_number(p, pe, beyond); --p; }

  main := DIGIT+ >number;

  write data noerror noentry;
}%%

constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t beyond = most + 1;  // stands for every number that does not fit

template <class T>
Parsed<T> fail(ParseErrorCode code, std::size_t offset) {
  return std::unexpected{ParseError{code, static_cast<std::uint32_t>(offset)}};
}

Parsed<std::uint64_t> read_delta_seconds(std::string_view value, ParseErrorCode code) {
  const unsigned char* p = octets(value.data());
  const unsigned char* const pe = p + value.size();
  std::uint64_t number = 0;
  int cs = delta_seconds_start;

  %%{ machine delta_seconds; write exec; }%%

  if (cs < delta_seconds_first_final) return fail<std::uint64_t>(code, static_cast<std::size_t>(p - octets(value.data())));
  return number;
}

Parsed<std::uint32_t> read_number(std::string_view value, std::uint64_t largest, ParseErrorCode code) {
  if (const auto taken = detail::take_number(value); taken && *taken <= largest) return *taken;
  const Parsed<std::uint64_t> number = read_delta_seconds(value, code);
  if (!number) return std::unexpected{number.error()};
  if (*number > largest) return fail<std::uint32_t>(code, 0);
  return static_cast<std::uint32_t>(*number);
}

bool is_visible(char octet) {
  const auto number = static_cast<unsigned char>(octet);
  return number > 0x20 && number != 0x7f;
}

}  // namespace

Parsed<CallId> parse_call_id(std::string_view value) {
  const unsigned char* p = octets(value.data());
  const unsigned char* const pe = p + value.size();
  const bool wide = value.size() >= detail::run_vector;
  int cs = call_id_start;

  %%{ machine call_id; write exec; }%%

  CallId call_id{value, {}};
  if (cs >= call_id_first_final) return call_id;
  const auto offset = static_cast<std::size_t>(p - octets(value.data()));
  const auto hidden = std::ranges::find_if_not(value, is_visible);
  if (value.empty() || hidden != value.end())
    return fail<CallId>(ParseErrorCode::call_id, static_cast<std::size_t>(hidden - value.begin()));
  call_id.forgiven.add(Forgiveness::loose_call_id, offset);
  return call_id;
}

Parsed<std::uint32_t> parse_max_forwards(std::string_view value) {
  return read_number(value, 255, ParseErrorCode::number);
}

Parsed<std::uint32_t> parse_content_length(std::string_view value) {
  return read_number(value, most, ParseErrorCode::content_length);
}

Parsed<std::uint32_t> parse_expires(std::string_view value) {
  if (const auto taken = detail::take_number(value)) return *taken;
  const Parsed<std::uint64_t> number = read_delta_seconds(value, ParseErrorCode::number);
  if (!number) return std::unexpected{number.error()};
  return static_cast<std::uint32_t>(std::min(*number, most));
}

Parsed<std::uint32_t> parse_min_expires(std::string_view value) { return parse_expires(value); }

Parsed<std::uint32_t> parse_rseq(std::string_view value) {
  const Parsed<std::uint32_t> number = read_number(value, most, ParseErrorCode::number);
  if (number && *number == 0) return fail<std::uint32_t>(ParseErrorCode::number, 0);
  return number;
}

Parsed<std::uint32_t> parse_max_breadth(std::string_view value) {
  return read_number(value, most, ParseErrorCode::number);
}

Parsed<std::uint32_t> parse_flow_timer(std::string_view value) { return parse_expires(value); }

Parsed<RepliedCall> parse_in_reply_to(std::string_view value) {
  const unsigned char* p = octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const unsigned char* begin = p;
  const unsigned char* comma = nullptr;
  const unsigned char* parameters = nullptr;
  RepliedCall call;
  int cs = in_reply_to_start;

  %%{ machine in_reply_to; write exec; }%%

  call.length = static_cast<std::uint32_t>((comma == nullptr ? p : comma) - octets(value.data()));
  if (cs < in_reply_to_first_final) return fail<RepliedCall>(ParseErrorCode::call_id, call.length);
  return call;
}

}  // namespace sipring
