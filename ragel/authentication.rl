// challenge, credentials and ainfo: a scheme and auth-params with commas between (RFC 3261 section 25.1, RFC 7616 section 3).
// Which parameter means what is C++ afterwards (core/message/detail/authentication.h).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/authentication.h>
#include <sipring/core/message/detail/raw_parameter.h>

namespace sipring::detail {
namespace {

%%{
  machine authentication;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";
  include value_rules "value_rules.rl";

  action scheme { read.scheme = text_from(begin, p); }
  action parameters { parameters = p; fhold; fgoto auth_params; }

  # Peers forget the quotes of what is no token.
  bare_value = ( 0x21..0x7e - [",;=\\] ) ( 0x21..0x7e - [",;\\] )*;
  auth_param = token EQUAL ( bare_value | quoted_string );

  with_scheme := SWS token >begin %scheme LWS ( tchar @parameters );
  without_scheme := SWS ( tchar @parameters );
  auth_params := auth_param ( COMMA auth_param )* SWS;

  write data noerror;
}%%

Parsed<AuthenticationText> read(std::string_view value, int state) {
  const unsigned char* p = octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* begin = p;
  const unsigned char* parameters = nullptr;
  const unsigned char* comma = nullptr;
  AuthenticationText read;
  int cs = state;

  %% write exec;

  if (parameters == nullptr || cs < authentication_first_final)
    return std::unexpected{ParseError{ParseErrorCode::authentication, static_cast<std::uint32_t>(p - octets(value.data()))}};
  read.parameters = text_from(parameters, trim_end(parameters, pe));
  return read;
}

}  // namespace

Parsed<AuthenticationText> read_scheme_and_parameters(std::string_view value) {
  return read(value, authentication_en_with_scheme);
}

Parsed<AuthenticationText> read_authentication_parameters(std::string_view value) {
  return read(value, authentication_en_without_scheme);
}

}  // namespace sipring::detail
