// SPDX-License-Identifier: MIT
#include <agent/account.h>

namespace sipring::app {

std::expected<std::optional<DigestAccount>, std::string> account_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon == 0 || colon + 1 == text.size())
    return std::unexpected("--auth is not USER:PASSWORD");
  return DigestAccount{.username = text.substr(0, colon), .password = text.substr(colon + 1)};
}

}  // namespace sipring::app
