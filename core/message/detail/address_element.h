// Header fields that are an address and parameters: their struct is an Address with members of its
// own. The address is read by its own machine; nothing of its grammar is here.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/known_parameter.h>
#include <sipring/core/message/header/address.h>

namespace sipring::detail {

enum class Brackets : std::uint8_t {
  optional,  // name-addr or addr-spec
  expected,  // name-addr: a URI without brackets is forgiven
};

template <class Header>
Parsed<Header> read_address(std::string_view value, Brackets brackets,
                            KnownParameters<Header> known) {
  const Parsed<Address> address = parse_address(value);
  if (!address) return std::unexpected(address.error());
  Parsed<Header> header;
  static_cast<Address&>(*header) = *address;
  if (brackets == Brackets::expected && !header->bracketed)
    header->forgiven.add(Forgiveness::missing_brackets,
                         static_cast<std::size_t>(header->uri.text.data() - value.data()));
  if (!header->parameters.empty()) take_parameters(header, value, known, Malformed::passed_over);
  return header;
}

// Of a production that is a URI in brackets, not a name-addr.
template <class Header>
Parsed<Header> nameless(Parsed<Header> header, std::string_view value) {
  if (header && !header->display_name.empty())
    header = refusal(ParseErrorCode::address,
                     static_cast<std::size_t>(header->display_name.data() - value.data()));
  return header;
}

}  // namespace sipring::detail
