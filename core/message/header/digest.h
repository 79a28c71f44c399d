// What challenges, credentials and Authentication-Info share: the names of algorithms and of
// qualities of protection (RFC 7616 section 3, RFC 8760 section 2).
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace sipring {

enum class DigestAlgorithm : std::uint8_t {
  unknown,
  md5,
  md5_sess,
  sha_256,
  sha_256_sess,
  sha_512_256,
  sha_512_256_sess,
};
// Without case. "" is MD5: the parameter is absent.
[[nodiscard]] DigestAlgorithm digest_algorithm_from(std::string_view text);
// "SHA-256-sess"; "" for unknown.
[[nodiscard]] std::string_view to_string(DigestAlgorithm algorithm);

// `none`: the parameter is absent, as in RFC 2069.
enum class Qop : std::uint8_t { none, unknown, auth, auth_int };
[[nodiscard]] Qop qop_from(std::string_view text);
[[nodiscard]] std::string_view to_string(Qop qop);  // "auth-int"; "" for none and unknown

}  // namespace sipring
