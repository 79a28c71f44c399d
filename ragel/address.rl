// name-addr or addr-spec with header parameters, up to the comma before the next (RFC 3261 sections 20.10, 20.20, 20.34, 20.39).
//
// Where a token ends decides: ":" makes it a scheme, white space or "<" a display name. The URI is a run of octets here; parse_uri
// reads it.
//
// A display name without quotes may have octets that need them, but for those that end something (",", ";", ":") or begin a quoted string.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/odd_parameters.h>
#include <sipring/core/message/detail/ordinary_address.h>
#include <sipring/core/message/detail/plain.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/detail/utf8.h>

#include <algorithm>

namespace sipring {
namespace {

using detail::octets;
using detail::text_from;

%%{
  machine address;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action take_parameter {
    if (!parameter.empty() && !take_any(parameter)) { fail(ParseErrorCode::parameter, parameter.at()); return parsed; }
    parameter.clear();
  }
  action take_plain {
    if (accelerated)
      if (const unsigned char* next = detail::take_plain_parameters<take>(address, p, pe, wide)) {
        p = next - 1;
        fgoto after_parameter;
      }
  }
  include parameter_rules "parameter_rules.rl";

  action begin { begin = p; }
  action open {
    address.display_name = text_from(begin, detail::trim_end(begin, p));
    address.bracketed = true;
  }
  action uri { address.uri.text = text_from(begin, p); }
  action skip_uri { if (accelerated) p = detail::skip<detail::uri_octet>(p + 1, pe, wide) - 1; }
  action loose { forgive(address, Forgiveness::loose_display_name, octets(value.data()), p); }
  action white_space { forgive(address, Forgiveness::white_space_in_brackets, octets(value.data()), p); }
  action above_ascii { check_utf8(address, octets(value.data()), p, pe); }
  action skip_name { if (accelerated) p = detail::skip<detail::quoted_ascii_octet>(p + 1, pe, wide) - 1; }
  action comma { comma = p; fbreak; }

  uri_char = 0x21..0x7e - [<>"];
  bare_uri_char = uri_char - [;,?];   # in a URI without brackets these end it or must not be there (section 20.10)
  quoted_name = DQUOTE ( ( qdtext_octet - UTF8_NONASCII | WSP ) @skip_name | UTF8_NONASCII @above_ascii | CRLF WSP | quoted_pair )* DQUOTE;
  display_name = quoted_name SWS | ( token >skip_token ( LWS token >skip_token )* )? SWS;
  name_addr = display_name >begin "<" @open uri_char+ >begin >skip_uri %uri ">";
  addr_spec = ( token >skip_token ":" bare_uri_char+ ) >begin %uri;
  rest = parameters SWS ( "," @comma )?;
  after_parameter := rest;
  main := SWS ( name_addr | addr_spec ) rest;

  # What is forgiven, for what main refuses.
  loose_octet = [()@/\[\]?={}] | UTF8_NONASCII @above_ascii;
  loose_word = ( token >skip_token | loose_octet @loose )+;
  loose_name = quoted_name SWS | ( loose_word ( LWS loose_word )* )? SWS;
  bracket_space = ( WSP @white_space )*;
  # A quoted string, where the octets in it should have been escaped; parse_uri notes it, and octets above ASCII.
  quoted_in_uri = DQUOTE ( qdtext_octet | WSP | quoted_pair )* DQUOTE;
  loose_uri = ( uri_char @skip_uri | UTF8_NONASCII ) ( uri_char @skip_uri | UTF8_NONASCII | quoted_in_uri )*;
  loose_name_addr = loose_name >begin "<" @open bracket_space loose_uri >begin %uri bracket_space ">";
  loose_addr_spec = ( token >skip_token ":" ( bare_uri_char | UTF8_NONASCII )+ ) >begin %uri;
  tolerant := SWS ( loose_name_addr | loose_addr_spec ) rest;

  write data noerror;
}%%

// Out of line, so that the machine keeps its registers.
[[gnu::noinline, gnu::cold]] void forgive(Address& address, Forgiveness kind, const unsigned char* value, const unsigned char* at) {
  address.forgiven.add(kind, static_cast<std::size_t>(at - value));
}

// Of a run of octets above ASCII, when its first one is read.
[[gnu::noinline, gnu::cold]] void check_utf8(Address& address, const unsigned char* value, const unsigned char* at,
                                             const unsigned char* end) {
  const auto is_ascii = [](unsigned char octet) { return octet < 0x80; };
  if (at != value && !is_ascii(at[-1])) return;
  const std::string_view run = text_from(at, std::find_if(at, end, is_ascii));
  if (const std::size_t bad = first_not_utf8(run); bad != run.size()) forgive(address, Forgiveness::not_utf8, value, at + bad);
}

// False when the tag breaks its rule or comes twice.
[[gnu::always_inline]] inline bool take(Address& address, const detail::RawParameter& parameter) {
  const std::string_view name = parameter.name();
  if (name.size() != 3 || !detail::same_token(name, "tag")) return true;
  const std::string_view value = parameter.value();
  if (!address.tag.empty() || value.empty() || value.front() == '"') return false;
  address.tag = value;
  return true;
}

// A tag in quotes keeps them, for it is compared and sent back. False: it is refused.
[[gnu::noinline, gnu::cold]] bool take_odd(Address& address, const detail::RawParameter& parameter, std::size_t offset) {
  if (!address.tag.empty() || parameter.value().size() < 3) return false;
  address.tag = parameter.value();
  address.forgiven.add(Forgiveness::quoted_token, offset);
  return true;
}

// What `main` refuses is read once more, tolerantly.
template <bool accelerated, int start>
Parsed<Address> read_address(std::string_view value) {
  const unsigned char* p = octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const bool wide = value.size() >= detail::run_vector;
  const unsigned char* begin = p;
  const unsigned char* parameters = nullptr;
  const unsigned char* comma = nullptr;
  detail::RawParameter parameter;
  bool odd = false;
  int cs = start;
  Parsed<Address> parsed;  // one object from here to the caller: it is too large to copy
  Address& address = *parsed;
  const auto offset_of = [&](const unsigned char* where) { return static_cast<std::uint32_t>(where - octets(value.data())); };
  const auto fail = [&](ParseErrorCode code, const unsigned char* where) -> Parsed<Address>& {
    parsed = std::unexpected{ParseError{code, offset_of(where)}};
    return parsed;
  };
  const auto take_any = [&](const detail::RawParameter& given) {
    odd |= given.is_odd();
    return take(address, given) || take_odd(address, given, offset_of(given.at()));
  };

  %% write exec;

  if (cs < address_first_final) [[unlikely]] {
    if constexpr (start == address_en_main) parsed = read_address<accelerated, address_en_tolerant>(value);
    else fail(ParseErrorCode::address, p);
    return parsed;
  }
  if (!parameter.empty() && !take_any(parameter)) { fail(ParseErrorCode::parameter, parameter.at()); return parsed; }
  const unsigned char* const stop = comma == nullptr ? pe : comma;
  if (parameters != nullptr) {
    address.parameters = text_from(parameters, detail::trim_end(parameters, stop));
    if (odd || address.parameters.back() == ';')
      detail::note_odd_parameters(address.parameters, offset_of(parameters), address.forgiven);
  }
  address.length = offset_of(stop);
  return parsed;
}

// Every address that the accelerator leaves, and what its URI says.
Parsed<Address> read_with_uri(std::string_view value) {
  Parsed<Address> address = read_address<true, address_en_main>(value);
  if (!address) return address;
  const std::string_view text = address->uri.text;
  const auto offset = static_cast<std::uint32_t>(text.data() - value.data());
  const Parsed<Uri> uri = parse_uri(text);
  if (uri) {
    address->uri = *uri;
    address->forgiven.add(uri->forgiven, offset);
  } else {
    address = std::unexpected{ParseError{uri.error().code, offset + uri.error().offset}};
  }
  return address;
}

}  // namespace

Parsed<Address> parse_address_without_uri(std::string_view value) {
  Parsed<Address> address;
  if (!detail::take_address<take, false>(value, *address)) address = read_address<true, address_en_main>(value);
  return address;
}

Parsed<Address> parse_address(std::string_view value) {
  Parsed<Address> address;
  if (!detail::take_address<take, true>(value, *address)) address = read_with_uri(value);
  return address;
}

namespace detail {
Parsed<Address> parse_address_without_uri_plain(std::string_view value) {
  return read_address<false, address_en_main>(value);
}
}  // namespace detail

}  // namespace sipring
