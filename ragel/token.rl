// A token, up to the comma before the next (RFC 3261 section 25.1).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/header/token.h>

namespace sipring {
namespace {

%%{
  machine token_element;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";
  include value_rules "value_rules.rl";

  action skip_token { p = detail::skip<detail::token_octet>(p + 1, pe, wide) - 1; }
  action text { element.text = detail::text_from(begin, p); }

  main := SWS token >begin >skip_token %text SWS ( "," @comma )?;

  write data noerror noentry;
}%%

}  // namespace

Parsed<Token> parse_token(std::string_view value) {
  const unsigned char* p = detail::octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const bool wide = value.size() >= detail::run_vector;
  const unsigned char* begin = p;
  const unsigned char* comma = nullptr;
  const unsigned char* parameters = nullptr;
  Token element;
  int cs = token_element_start;

  %% write exec;

  const unsigned char* const stop = comma == nullptr ? p : comma;
  const auto length = static_cast<std::uint32_t>(stop - detail::octets(value.data()));
  if (cs < token_element_first_final) return std::unexpected{ParseError{ParseErrorCode::token, length}};
  element.length = length;
  return element;
}

}  // namespace sipring
