// SPDX-License-Identifier: MIT
#include <load/authorizer.h>

namespace sipring::app {

Authorizer::Authorizer(const DigestAccount& account, const Entropy& entropy,
                       std::size_t longest_uri)
    : client_(account, hashes_.functions(), entropy),
      room_(DigestClient::most_realms *
                (DigestClient::room_for_one + 2 * account.username.size() + longest_uri),
            '\0') {}

std::span<const HeaderLine> Authorizer::lines(const DigestRequest& request,
                                              DigestAttempt& attempt) {
  return client_.credentials(request, attempt, lines_, room_).value_or(std::span<HeaderLine>{});
}

std::span<const HeaderLine> Authorizer::same_lines(const DigestRequest& request,
                                                   const DigestAttempt& attempt) {
  return client_.same_credentials(request, attempt, lines_, room_)
      .value_or(std::span<HeaderLine>{});
}

}  // namespace sipring::app
