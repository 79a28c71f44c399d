// qvalue: 0 to 1 with three decimals at most (RFC 3261 section 25.1).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/header/detail/quality.h>

namespace sipring {
namespace {

%%{
  machine qvalue;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action unit { value = static_cast<std::uint16_t>((fc - '0') * place); }
  action decimal { place /= 10; value = static_cast<std::uint16_t>(value + (fc - '0') * place); }

  main := "0" @unit ( "." ( DIGIT @decimal ){0,3} )? | "1" @unit ( "." "0"{0,3} )?;

  write data noerror noentry;
}%%

}  // namespace

std::optional<std::uint16_t> parse_qvalue(std::string_view text) {
  const unsigned char* p = detail::octets(text.data());
  const unsigned char* const pe = p + text.size();
  unsigned int place = 1000;
  std::uint16_t value = 0;
  int cs = qvalue_start;

  %% write exec;

  if (cs < qvalue_first_final) return std::nullopt;
  return value;
}

}  // namespace sipring
