// SPDX-License-Identifier: MIT
#include <sipring/io/stream/sha1.h>

#include <openssl/sha.h>

namespace sipring {

std::array<std::uint8_t, 20> sha1(std::string_view text) {
  static_assert(SHA_DIGEST_LENGTH == 20);
  std::array<std::uint8_t, 20> digest{};
  (void)::SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

}  // namespace sipring
