// name-addr and addr-spec with header parameters: From, To, Contact, Route, Record-Route (RFC 3261
// sections 20.10, 20.20, 20.30, 20.34, 20.39).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/message/uri.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct Address {
  std::string_view display_name;  // quotes and escapes stay; empty when absent
  Uri uri;
  std::string_view tag;         // From and To; empty when absent
  std::string_view parameters;  // header parameters, from the first ';'
  // name-addr: without <> a ';' starts header parameters, not URI parameters.
  bool bracketed = false;
  std::uint32_t length = 0;  // octets up to the comma before the next element, or all of them
  Forgiven forgiven;  // loose_display_name, white_space_in_brackets, not_utf8 (in a display name)
};

// The first element of a header field's value; views are into it. Contact: * is not an address; see
// is_wildcard. What is wrong with the URI is reported with its offset in `value`.
Parsed<Address> parse_address(std::string_view value);
// The same, without parsing the URI: uri.text is set, its parts are not. What matching a
// transaction needs.
Parsed<Address> parse_address_without_uri(std::string_view value);

[[nodiscard]] inline bool is_wildcard(std::string_view contact_value) {
  return contact_value == "*";
}

}  // namespace sipring
