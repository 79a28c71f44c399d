// The hashes of Digest for tests, straight from EVP: one call for each, and an allocation.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/auth/digest.h>

#include <openssl/evp.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sipring::test {

template <auto algorithm>
void openssl_hash(void*, std::span<const std::string_view> pieces, std::uint8_t* to) {
  std::string all;
  for (const std::string_view piece : pieces) all += piece;
  EVP_Digest(all.data(), all.size(), to, nullptr, algorithm(), nullptr);
}

inline HashFunctions openssl_hashes() {
  return {.md5 = openssl_hash<EVP_md5>,
          .sha_256 = openssl_hash<EVP_sha256>,
          .sha_512_256 = openssl_hash<EVP_sha512_256>};
}

}  // namespace sipring::test
