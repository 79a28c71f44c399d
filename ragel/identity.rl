// Identity: a signed digest, then parameters of which "info" has a URI in brackets (RFC 8224 section 4).
//
// The grammar there gives the digest the octets of base64 and "."; what stands in it is base64url (RFC 7515, RFC 8225), so "-" and "_" too.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/known_parameter.h>
#include <sipring/core/message/detail/odd_parameters.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/header/identity.h>
#include <sipring/core/message/uri.h>

namespace sipring {
namespace {

using detail::octets;
using detail::text_from;

%%{
  machine identity;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action take_parameter {
    if (!parameter.empty() && !take_any(parameter)) return fail(ParseErrorCode::parameter, parameter.at());
    parameter.clear();
  }
  action take_plain {}
  include parameter_rules "parameter_rules.rl";

  action begin { begin = p; }
  action digest { identity.signed_digest = text_from(begin, p); }

  signed_identity_digest = ( alphanum | [/+.=\-_] )+;
  ident_info_uri = "<" ( 0x21..0x7e - [<>"] )+ ">";
  ident_param = parameter_begin
                ( SWS "=" @parameter_equal SWS ( ( gen_value | ident_info_uri ) >parameter_value %parameter_value_end )? )?;
  main := SWS signed_identity_digest >begin %digest ( semicolons SWS ident_param )* semicolons? SWS;

  write data noerror noentry;
}%%

std::string_view without_brackets(std::string_view value) {
  return value.starts_with('<') && value.ends_with('>') ? value.substr(1, value.size() - 2) : value;
}

// Peers write quotes in place of the brackets, or neither.
bool take_info(Identity& identity, std::string_view value, std::uint32_t offset) {
  const std::string_view uri = without_brackets(detail::without_quotes(value));
  if (identity.info.data() != nullptr || !parse_uri(uri)) return false;
  identity.info = uri;
  if (!value.starts_with('<')) identity.forgiven.add(Forgiveness::missing_brackets, offset);
  return true;
}

constexpr detail::Known<Identity> known[] = {
    {"info", [](Identity& identity, const Parameter& given, std::uint32_t offset) { return take_info(identity, given.value, offset); }},
    {"alg", detail::token_value<&Identity::algorithm>},
    {"ppt", detail::token_value<&Identity::passport_type>},
};

// False when the parameter breaks its rule or comes twice. Brackets are for info alone.
bool take(Identity& identity, const detail::RawParameter& raw, std::uint32_t offset) {
  const Parameter given{raw.name(), raw.value(), raw.text()};
  if (given.value.starts_with('<') && !detail::equals_ignoring_case(given.name, "info")) return false;
  return detail::take_known(known, identity, given, offset);
}

}  // namespace

Parsed<Identity> parse_identity(std::string_view value) {
  constexpr bool accelerated = false;  // a signature costs a thousand times more
  const unsigned char* p = octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const bool wide = value.size() >= detail::run_vector;
  const unsigned char* begin = p;
  const unsigned char* parameters = nullptr;
  detail::RawParameter parameter;
  bool odd = false;
  int cs = identity_start;
  Parsed<Identity> parsed;
  Identity& identity = *parsed;
  const auto take_any = [&](const detail::RawParameter& given) {
    const auto offset = static_cast<std::uint32_t>(given.at() - octets(value.data()));
    const bool bracketed = given.value().starts_with('<');  // and may hold anything
    if (given.is_odd() && !bracketed) detail::note_odd_parameters(given.text(), offset, identity.forgiven);
    return take(identity, given, offset);
  };
  const auto fail = [&](ParseErrorCode code, const unsigned char* where) -> Parsed<Identity> {
    return std::unexpected{ParseError{code, static_cast<std::uint32_t>(where - octets(value.data()))}};
  };

  %% write exec;

  if (cs < identity_first_final) return fail(ParseErrorCode::field_value, p);
  if (!parameter.empty() && !take_any(parameter)) return fail(ParseErrorCode::parameter, parameter.at());
  if (identity.info.data() == nullptr) return fail(ParseErrorCode::missing_parameter, pe);
  identity.parameters = text_from(parameters, detail::trim_end(parameters, pe));
  if (odd || identity.parameters.back() == ';')
    identity.forgiven.add(Forgiveness::empty_parameter, static_cast<std::size_t>(parameters - octets(value.data())));
  identity.length = static_cast<std::uint32_t>(value.size());
  return parsed;
}

}  // namespace sipring
