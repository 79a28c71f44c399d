// warning-value, up to the comma before the next (RFC 3261 sections 20.43, 25.1).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/header/warning.h>

namespace sipring {
namespace {

%%{
  machine warning;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";
  include value_rules "value_rules.rl";

  action digit { warning.code = static_cast<std::uint16_t>(warning.code * 10 + (fc - '0')); }
  action agent { warning.agent = detail::text_from(begin, p); }
  action text { warning.text = detail::text_from(begin, p); }

  # hostport | pseudonym: which of them it is nobody has to know.
  warn_agent = ( tchar | [\[\]:] )+;
  warn_code = [1-9] @digit ( DIGIT @digit ){2};
  main := SWS warn_code SP warn_agent >begin %agent SP SWS quoted_string >begin %text SWS ( "," @comma )?;

  write data noerror noentry;
}%%

}  // namespace

Parsed<Warning> parse_warning(std::string_view value) {
  const unsigned char* p = detail::octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const unsigned char* begin = p;
  const unsigned char* parameters = nullptr;
  const unsigned char* comma = nullptr;
  Warning warning;
  int cs = warning_start;

  %% write exec;

  warning.length = static_cast<std::uint32_t>((comma == nullptr ? p : comma) - detail::octets(value.data()));
  if (cs < warning_first_final) return std::unexpected{ParseError{ParseErrorCode::warning, warning.length}};
  return warning;
}

}  // namespace sipring
