// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/associated_uri.h>

#include <sipring/core/message/detail/address_element.h>

namespace sipring {

Parsed<AssociatedUri> parse_associated_uri(std::string_view value) {
  return detail::read_address<AssociatedUri>(value, detail::Brackets::expected, {});
}

Parsed<CalledParty> parse_called_party_id(std::string_view value) {
  return detail::alone(detail::read_address<CalledParty>(value, detail::Brackets::expected, {}),
                       value);
}

}  // namespace sipring
