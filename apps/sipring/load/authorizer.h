// Authorizer: the account of `sipring load --auth`, one for each shard: all its sessions use the
// newest nonce of a realm, as a trunk does.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/auth/digest_client.h>
#include <sipring/core/message/message.h>
#include <sipring/io/digest_hashes.h>

#include <array>
#include <cstddef>
#include <expected>
#include <span>
#include <string>

namespace sipring::app {

[[nodiscard]] constexpr bool is_challenge(int status) {
  return status == 401 || status == 407;
}

class Authorizer {
 public:
  // `longest_uri`: octets of a Request-URI; what is longer goes without credentials.
  Authorizer(const DigestAccount& account, const Entropy& entropy, std::size_t longest_uri);

  // Of a 401 or 407. The error: why it is final.
  std::expected<void, DigestError> take(const Message& response, DigestAttempt& attempt) {
    return client_.take(response, attempt);
  }
  // Header fields for a request; valid until the next call.
  [[nodiscard]] std::span<const HeaderLine> lines(const DigestRequest& request,
                                                  DigestAttempt& attempt);
  // Those that the request had, for its ACK.
  [[nodiscard]] std::span<const HeaderLine> same_lines(const DigestRequest& request,
                                                       const DigestAttempt& attempt);

 private:
  DigestHashes hashes_;
  DigestClient client_;
  std::array<HeaderLine, DigestClient::most_realms> lines_;
  std::string room_;
};

}  // namespace sipring::app
