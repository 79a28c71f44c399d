// The next parameter of a text of parameters that its own machine has already accepted (RFC 3261 section 25.1).
// URI parameters are accepted too: their values have a few octets that no token has. So are auth-params: commas are between them, and
// nothing before the first. What is empty is stepped over; one that is a quoted string alone is a name (P-Access-Network-Info).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/header/params.h>

namespace sipring {
namespace {

%%{
  machine params;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action name { parameter.begin(p); }
  action name_end { parameter.end_name(p); }
  action value { parameter.begin_value(p); }
  action value_end { parameter.end_value(p); }
  action next { fhold; fbreak; }

  action equal { parameter.begin_value(p + 1); parameter.end_value(p + 1); }   # until a value is there

  quoted_string = DQUOTE ( qdtext_octet | WSP | CRLF WSP | quoted_pair )* DQUOTE;
  word_char = 0x21..0x7e - [;="] | UTF8_NONASCII;
  any_value = ( word_char | "=" ) ( word_char | "=" | DQUOTE )*;
  param = ( word_char+ | quoted_string ) >name %name_end
          ( SWS "=" @equal SWS ( ( any_value | quoted_string ) >value %value_end )? )?;
  # Between auth-params are commas, which a URI parameter may hold.
  auth_char = word_char - ",";
  auth_value = ( auth_char | "=" )+;
  auth_param = auth_char+ >name %name_end ( SWS "=" @equal SWS ( ( auth_value | quoted_string ) >value %value_end )? )?;
  main := SWS ( ( ";" SWS )+ param SWS ( ";" @next )? | ( "," SWS )* auth_param SWS ( "," @next )? );

  write data noerror noentry;
}%%

}  // namespace

void Parameters::Cursor::next() {
  const unsigned char* p = detail::octets(rest_.data());
  const unsigned char* const pe = p + rest_.size();
  const unsigned char* const eof = pe;
  detail::RawParameter parameter;
  int cs = params_start;

  %% write exec;

  parameter_ = {};
  if (cs < params_first_final) return;
  parameter_ = {parameter.name(), parameter.value(), parameter.text()};
  rest_ = detail::text_from(p, pe);
}

}  // namespace sipring
