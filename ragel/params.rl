// The search for one parameter in a text of parameters that its own machine has already accepted (RFC 3261 section 25.1).
// URI parameters are accepted too: their values have a few octets that no token has.
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
  action finish { if (is_named(parameter, name)) return parameter.value(); }

  quoted_string = DQUOTE ( qdtext_octet | WSP | CRLF WSP | quoted_pair )* DQUOTE;
  word_char = 0x21..0x7e - [;="];
  any_value = word_char ( word_char | "=" | DQUOTE )*;
  param = word_char+ >finish >name %name_end ( EQUAL ( any_value | quoted_string ) >value %value_end )?;
  main := SWS ( ";" SWS param SWS ( ";" SWS param SWS )* )?;

  write data noerror;
}%%

char lower(char octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet + ('a' - 'A')) : octet;
}

bool is_named(const detail::RawParameter& parameter, std::string_view name) {
  if (parameter.empty()) return false;
  const std::string_view found = parameter.name();
  if (found.size() != name.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i)
    if (lower(found[i]) != lower(name[i])) return false;
  return true;
}

}  // namespace

std::optional<std::string_view> parameter(std::string_view parameters, std::string_view name) {
  const unsigned char* p = detail::octets(parameters.data());
  const unsigned char* const pe = p + parameters.size();
  const unsigned char* const eof = pe;
  detail::RawParameter parameter;
  int cs = params_start;

  %% write exec;

  if (cs < params_first_final || !is_named(parameter, name)) return std::nullopt;
  return parameter.value();
}

}  // namespace sipring
