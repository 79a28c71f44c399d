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
  action empty { read.forgiven.add(Forgiveness::empty_element, static_cast<std::size_t>(p - octets(value.data()))); }

  # Peers forget a value, or the quotes of what is no token, and a list without quotes falls into parameters: qop=auth,auth-int.
  auth_param = token SWS "=" SWS ( plain_value | quoted_string )?;
  auth_params_only = auth_param ( SWS "," ( SWS "," @empty )* SWS ( auth_param | token ) )* ( SWS "," )*;
  # Bearer and others: RFC 8898 section 2.2, RFC 6750 section 2.1.
  token68 = ( alphanum | [\-._~+/] )+ "="*;

  with_scheme := SWS token >begin %scheme LWS ( "," @empty SWS )* ( ( tchar | "/" ) @parameters );
  without_scheme := SWS ( tchar @parameters );
  auth_params := ( auth_params_only | token68 ) SWS;

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
  if (read.parameters.ends_with(','))
    read.forgiven.add(Forgiveness::empty_element, static_cast<std::size_t>(parameters - octets(value.data())) + read.parameters.size() - 1);
  return read;
}

std::unexpected<ParseError> not_a_parameter(std::string_view value) {
  return std::unexpected{ParseError{ParseErrorCode::authentication, static_cast<std::uint32_t>(value.size())}};
}

}  // namespace

Parsed<AuthenticationText> read_scheme_and_parameters(std::string_view value) {
  Parsed<AuthenticationText> text = read(value, authentication_en_with_scheme);
  if (text && equals_ignoring_case(text->scheme, "Digest") && is_token68(text->parameters)) return not_a_parameter(value);
  return text;
}

Parsed<AuthenticationText> read_authentication_parameters(std::string_view value) {
  const Parsed<AuthenticationText> text = read(value, authentication_en_without_scheme);
  if (text && is_token68(text->parameters)) return not_a_parameter(value);
  return text;
}

}  // namespace sipring::detail
