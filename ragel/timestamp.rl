// Timestamp: a decimal number and a delay (RFC 3261 section 20.38).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/header/timestamp.h>

#include <chrono>

namespace sipring {
namespace {

%%{
  machine timestamp;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action begin { begin = p; }
  action value { timestamp.value_text = detail::text_from(begin, p); }
  action delay { timestamp.delay_text = detail::text_from(begin, p); }

  # The delay may have no digit at all, or be missing behind its white space.
  value = DIGIT+ ( "." DIGIT* )?;
  delay = DIGIT* ( "." DIGIT* )?;
  main := value >begin %value ( LWS delay >begin %delay )?;

  write data noerror noentry;
}%%

// What digits with a point say: whole seconds up to 2^33, and nanoseconds; what is smaller is cut off.
Duration duration_from(std::string_view decimal) {
  constexpr std::uint64_t most_seconds = std::uint64_t{1} << 33;
  const unsigned char* at = detail::octets(decimal.data());
  const unsigned char* const end = at + decimal.size();
  const std::uint64_t seconds = detail::read_number(at, end, most_seconds);
  std::int64_t nanoseconds = 0;
  std::int64_t place = 1'000'000'000;
  if (at != end) ++at;
  for (; at != end && place > 1; ++at) nanoseconds += (*at - '0') * (place /= 10);
  return std::chrono::seconds{static_cast<std::int64_t>(seconds)} + std::chrono::nanoseconds{nanoseconds};
}

}  // namespace

Parsed<Timestamp> parse_timestamp(std::string_view value) {
  const unsigned char* p = detail::octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const unsigned char* begin = p;
  Timestamp timestamp;
  int cs = timestamp_start;

  %% write exec;

  if (cs < timestamp_first_final)
    return std::unexpected{ParseError{ParseErrorCode::timestamp, static_cast<std::uint32_t>(p - detail::octets(value.data()))}};
  timestamp.value = duration_from(timestamp.value_text);
  timestamp.delay = duration_from(timestamp.delay_text);
  return timestamp;
}

}  // namespace sipring
