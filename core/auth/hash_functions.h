// HashFunctions: the hashes of Digest (RFC 7616 section 6.1, RFC 8760 section 2.1) as functions
// that whoever embeds core hands in: core computes none itself. io/digest_hashes.h has them from
// OpenSSL.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/digest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sipring {

struct HashFunctions {
  // Writes the hash of all pieces, one behind the other, at `to`: 16 octets for MD5, 32 for the
  // others.
  using Hash = void (*)(void* context, std::span<const std::string_view> pieces, std::uint8_t* to);

  Hash md5 = nullptr;  // nullptr: not known; what asks for it is passed over
  Hash sha_256 = nullptr;
  Hash sha_512_256 = nullptr;
  void* context = nullptr;  // handed to each of them

  // With or without "-sess": the same hash.
  [[nodiscard]] Hash of(DigestAlgorithm algorithm) const {
    switch (algorithm) {
      case DigestAlgorithm::md5:
      case DigestAlgorithm::md5_sess: return md5;
      case DigestAlgorithm::sha_256:
      case DigestAlgorithm::sha_256_sess: return sha_256;
      case DigestAlgorithm::sha_512_256:
      case DigestAlgorithm::sha_512_256_sess: return sha_512_256;
      case DigestAlgorithm::unknown: break;
    }
    return nullptr;
  }
  [[nodiscard]] bool knows(DigestAlgorithm algorithm) const { return of(algorithm) != nullptr; }
};

}  // namespace sipring
