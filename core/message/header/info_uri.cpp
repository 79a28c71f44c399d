// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/info_uri.h>

#include <sipring/core/message/detail/address_element.h>

namespace sipring {
namespace {

constexpr detail::Known<InfoUri> of_info_uri[] = {
    {"purpose", detail::token_value<&InfoUri::purpose>},
};

}  // namespace

Parsed<InfoUri> parse_info_uri(std::string_view value) {
  return detail::nameless(
      detail::read_address<InfoUri>(value, detail::Brackets::expected, of_info_uri), value);
}

}  // namespace sipring
