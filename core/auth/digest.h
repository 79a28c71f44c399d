// What Digest computes: RFC 7616 section 3.4. All texts are what they say, without quotes and
// backslashes (unescape_quoted(), header/text.h).
//
//   HA1 = H(username:realm:password), with -sess H(HA1:nonce:cnonce)    section 3.4.2
//   HA2 = H(method:uri), with auth-int H(method:uri:H(body))            section 3.4.3
//   response = H(HA1:nonce:nc:cnonce:qop:HA2), without qop H(HA1:nonce:HA2)
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/digest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sipring {

// The hashes (RFC 7616 section 6.1, RFC 8760 section 2.1), which whoever embeds core hands in: core
// computes none itself. io/digest_hashes.h has them from OpenSSL.
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

// A hash in lower-case hexadecimal digits.
struct HexDigest {
  std::array<char, 64> digits{};
  std::uint8_t size = 0;
  [[nodiscard]] std::string_view view() const { return {digits.data(), size}; }
  friend bool operator==(const HexDigest& a, const HexDigest& b) { return a.view() == b.view(); }
};

// 32 or 64; 0 for unknown.
[[nodiscard]] constexpr std::uint8_t digits_of(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::unknown: return 0;
    case DigestAlgorithm::md5:
    case DigestAlgorithm::md5_sess: return 32;
    default: return 64;
  }
}
[[nodiscard]] constexpr bool is_session(DigestAlgorithm algorithm) {
  return algorithm == DigestAlgorithm::md5_sess || algorithm == DigestAlgorithm::sha_256_sess ||
         algorithm == DigestAlgorithm::sha_512_256_sess;
}

// Precondition of all: `functions` know the algorithm.

// What may be stored instead of a password. The same with and without -sess.
[[nodiscard]] HexDigest make_ha1(const HashFunctions& functions, DigestAlgorithm algorithm,
                                 std::string_view username, std::string_view realm,
                                 std::string_view password);
// The name of a user who does not show it (section 3.4.4).
[[nodiscard]] HexDigest make_userhash(const HashFunctions& functions, DigestAlgorithm algorithm,
                                      std::string_view username, std::string_view realm);
// `method` is empty for rspauth, whose A2 has none (section 3.5). `body` counts for auth-int.
[[nodiscard]] HexDigest make_ha2(const HashFunctions& functions, DigestAlgorithm algorithm, Qop qop,
                                 std::string_view method, std::string_view uri,
                                 std::string_view body);

// The rest of what a response is made of.
struct ResponseInput {
  std::string_view ha1 = {};  // of make_ha1()
  std::string_view nonce = {};
  std::string_view nc = {}, cnonce = {};  // without qop the first counts for nothing
  Qop qop = Qop::none;
  std::string_view ha2 = {};
};
[[nodiscard]] HexDigest make_response(const HashFunctions& functions, DigestAlgorithm algorithm,
                                      const ResponseInput& input);

// Of userhash and stale, without case (section 3.3).
[[nodiscard]] bool is_true(std::string_view parameter);
// In a time that tells nothing of the octets, but of the sizes.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace sipring
