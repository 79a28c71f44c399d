// telephone-subscriber: a global or a local number and its parameters (RFC 3966 section 3).
//
// The grammar knows no parameter by name; C++ looks at each when it is complete, as for header parameters.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/detail/unescaped.h>
#include <sipring/core/message/tel_uri.h>

#include <algorithm>
#include <array>
#include <span>

namespace sipring {
namespace {

using detail::octets;
using detail::text_from;

%%{
  machine tel_uri;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action begin { begin = p; }
  action number { tel.number = text_from(begin, p); }
  action escaped_number { if (!in_user) forgive(Forgiveness::escaped_in_number, p - 2); }
  action empty_parameter { forgive(Forgiveness::empty_uri_parameter, p); }
  action semicolon { if (parameters == nullptr) parameters = p; }
  action take { if (!parameter.empty() && !take(tel, parameter, base)) { fail(fault_of(parameter), parameter.at()); return parsed; } }
  action name { parameter.begin(p); }
  action name_end { parameter.end_name(p); }
  action value { parameter.begin_value(p); }
  action value_end { parameter.end_value(p); }

  visual_separator = [\-.()];
  phonedigit = DIGIT | visual_separator;
  phonedigit_hex = HEXDIG | [*#] | visual_separator | "%23" @escaped_number;
  global_number_digits = "+" visual_separator* DIGIT phonedigit*;
  local_number_digits = visual_separator* ( phonedigit_hex - visual_separator ) phonedigit_hex*;
  pname = ( alphanum | "-" )+;
  # uric of isub; of the others a few are forgiven. ";" ends a value although uric has it.
  value = ( ( reserved - ";" ) | unreserved | [\[\]] | escaped )+;
  nothing = zlen %empty_parameter;
  parameter = pname >take >name %name_end ( "=" ( value >value %value_end | nothing ) )?;
  telephone_subscriber = ( global_number_digits | local_number_digits ) >begin %number ( ";" @semicolon ( parameter | nothing ) )*;
  main := telephone_subscriber;

  write data noerror noentry;
}%%

constexpr std::size_t most_parameters = 32;

bool is_phonedigits(std::string_view text) {
  return std::ranges::all_of(text, [](char octet) { return (octet >= '0' && octet <= '9') || is_visual_separator(octet); });
}

bool has_digit(std::string_view text) {
  return text.find_first_of("0123456789") != text.npos;
}

// descriptor: the first digits of global numbers, or a domain.
bool is_descriptor(std::string_view text) {
  if (text.starts_with('+')) return has_digit(text) && is_phonedigits(text.substr(1));
  return !text.starts_with('[') && detail::is_host(text);
}

bool is_named(const detail::RawParameter& parameter, std::string_view name) {
  return same_text_ignoring_case(parameter.name(), name);
}

ParseErrorCode fault_of(const detail::RawParameter& parameter) {
  return is_named(parameter, "phone-context") ? ParseErrorCode::phone_context : ParseErrorCode::parameter;
}

void note_unescaped(TelUri& tel, std::string_view value, const unsigned char* base) {
  const std::size_t at = value.find_first_of("?@=,");
  if (at != value.npos)
    tel.forgiven.add(Forgiveness::unescaped_in_uri_parameter, static_cast<std::size_t>(octets(value.data()) + at - base));
}

// False when the parameter breaks its rule.
bool take(TelUri& tel, const detail::RawParameter& parameter, const unsigned char* base) {
  const std::string_view value = parameter.value();
  if (is_named(parameter, "isub")) {
    tel.subaddress = value;
    return !value.empty() && tel.extension.empty();
  }
  note_unescaped(tel, value, base);
  if (is_named(parameter, "ext")) {
    tel.extension = value;
    return !value.empty() && is_phonedigits(value) && tel.subaddress.empty();
  }
  if (is_named(parameter, "phone-context")) {
    tel.context = value;
    return is_descriptor(value);
  }
  if (is_named(parameter, "rn")) tel.rn = value;
  if (is_named(parameter, "cic")) tel.cic = value;
  if (is_named(parameter, "npdi")) tel.npdi = true;
  return true;
}

// The first name that came before, or one too many; empty when there is none.
std::string_view find_repeated_name(const TelUri& tel) {
  std::array<std::string_view, most_parameters> names;
  std::size_t count = 0;
  for (const UriComponent& parameter : tel_parameters(tel)) {
    const auto seen = std::span{names}.first(count);
    const auto is_same = [&](std::string_view name) { return same_text_ignoring_case(name, parameter.name); };
    if (count == most_parameters || std::ranges::any_of(seen, is_same)) return parameter.name;
    names[count++] = parameter.name;
  }
  return {};
}

Parsed<TelUri> read_subscriber(std::string_view text, std::size_t offset, bool in_user) {
  const unsigned char* const base = octets(text.data());
  const unsigned char* p = base + offset;
  const unsigned char* const pe = base + text.size();
  const unsigned char* const eof = pe;
  const unsigned char* begin = p;
  const unsigned char* parameters = nullptr;
  detail::RawParameter parameter;
  int cs = tel_uri_start;
  Parsed<TelUri> parsed;
  TelUri& tel = *parsed;
  const auto fail = [&](ParseErrorCode code, const unsigned char* where) -> Parsed<TelUri>& {
    parsed = std::unexpected{ParseError{code, static_cast<std::uint32_t>(where - base)}};
    return parsed;
  };
  const auto forgive = [&](Forgiveness kind, const unsigned char* where) {
    tel.forgiven.add(kind, static_cast<std::size_t>(where - base));
  };

  %% write exec;

  if (p != pe || cs < tel_uri_first_final) {
    const bool in_escape = detail::is_in_bad_escape(text, static_cast<std::size_t>(p - base));
    fail(in_escape ? ParseErrorCode::escape : ParseErrorCode::tel_uri, p);
    return parsed;
  }
  if (!parameter.empty() && !take(tel, parameter, base)) { fail(fault_of(parameter), parameter.at()); return parsed; }
  tel.text = text;
  tel.is_global = tel.number.starts_with('+');
  if (parameters != nullptr) tel.parameters = text_from(parameters, pe);
  if (const std::string_view name = find_repeated_name(tel); !name.empty())
    { fail(ParseErrorCode::parameter, octets(name.data())); return parsed; }
  if (!tel.is_global && !in_user && tel.context.empty()) fail(ParseErrorCode::phone_context, pe);
  return parsed;
}

}  // namespace

Parsed<TelUri> parse_tel_uri(std::string_view text) {
  if (text.size() < 4 || !same_text_ignoring_case(text.substr(0, 4), "tel:"))
    return std::unexpected{ParseError{ParseErrorCode::tel_uri, 0}};
  return read_subscriber(text, 4, false);
}

Parsed<TelUri> parse_telephone_subscriber(std::string_view user) { return read_subscriber(user, 0, true); }

}  // namespace sipring
