// name-addr or addr-spec with header parameters, up to the comma before the next (RFC 3261 sections 20.10, 20.20, 20.34, 20.39).
//
// Where a token ends decides: ":" makes it a scheme, white space or "<" a display name. The URI is a run of octets here; parse_uri
// reads it.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/ordinary_address.h>
#include <sipring/core/message/detail/plain.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/header/address.h>

namespace sipring {
namespace {

using detail::octets;
using detail::text_from;

%%{
  machine address;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action take_parameter {
    if (!parameter.empty() && !take(address, parameter)) { fail(ParseErrorCode::parameter, parameter.at()); return parsed; }
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
  action comma { comma = p; fbreak; }

  uri_char = 0x21..0x7e - [<>"];
  bare_uri_char = uri_char - [;,?];   # in a URI without brackets these end it or must not be there (section 20.10)
  display_name = quoted_string SWS | ( token >skip_token ( LWS token >skip_token )* )? SWS;
  name_addr = display_name >begin "<" @open uri_char+ >begin >skip_uri %uri ">";
  addr_spec = ( token >skip_token ":" bare_uri_char+ ) >begin %uri;
  rest = parameters SWS ( "," @comma )?;
  after_parameter := rest;
  main := SWS ( name_addr | addr_spec ) rest;

  write data noerror;
}%%

// False when the tag breaks its rule or comes twice.
[[gnu::always_inline]] inline bool take(Address& address, const detail::RawParameter& parameter) {
  const std::string_view name = parameter.name();
  if (name.size() != 3 || !detail::same_token(name, "tag")) return true;
  const std::string_view value = parameter.value();
  if (!address.tag.empty() || value.empty() || value.front() == '"') return false;
  address.tag = value;
  return true;
}

template <bool accelerated>
Parsed<Address> read_address(std::string_view value) {
  const unsigned char* p = octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const bool wide = value.size() >= detail::run_vector;
  const unsigned char* begin = p;
  const unsigned char* parameters = nullptr;
  const unsigned char* comma = nullptr;
  detail::RawParameter parameter;
  int cs = address_en_main;
  Parsed<Address> parsed;  // one object from here to the caller: it is too large to copy
  Address& address = *parsed;
  const auto fail = [&](ParseErrorCode code, const unsigned char* where) -> Parsed<Address>& {
    parsed = std::unexpected{ParseError{code, static_cast<std::uint32_t>(where - octets(value.data()))}};
    return parsed;
  };

  %% write exec;

  if (cs < address_first_final) { fail(ParseErrorCode::address, p); return parsed; }
  if (!parameter.empty() && !take(address, parameter)) { fail(ParseErrorCode::parameter, parameter.at()); return parsed; }
  const unsigned char* const stop = comma == nullptr ? pe : comma;
  if (parameters != nullptr)
    address.parameters = text_from(parameters, detail::trim_end(parameters, stop));
  address.length = static_cast<std::uint32_t>(stop - octets(value.data()));
  return parsed;
}

// Every address that the accelerator leaves, and what its URI says.
Parsed<Address> read_with_uri(std::string_view value) {
  Parsed<Address> address = read_address<true>(value);
  if (!address) return address;
  const std::string_view text = address->uri.text;
  const Parsed<Uri> uri = parse_uri(text);
  if (uri) {
    address->uri = *uri;
  } else {
    const auto offset = static_cast<std::uint32_t>(text.data() - value.data());
    address = std::unexpected{ParseError{uri.error().code, offset + uri.error().offset}};
  }
  return address;
}

}  // namespace

Parsed<Address> parse_address_without_uri(std::string_view value) {
  Parsed<Address> address;
  if (!detail::take_address<take, false>(value, *address)) address = read_address<true>(value);
  return address;
}

Parsed<Address> parse_address(std::string_view value) {
  Parsed<Address> address;
  if (!detail::take_address<take, true>(value, *address)) address = read_with_uri(value);
  return address;
}

namespace detail {
Parsed<Address> parse_address_without_uri_plain(std::string_view value) {
  return read_address<false>(value);
}
}  // namespace detail

}  // namespace sipring
