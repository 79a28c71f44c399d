// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/header/digest.h>

#include <array>
#include <utility>

namespace sipring {
namespace {

// In the order of the enumerations.
constexpr std::array<std::string_view, 7> algorithms{
    "", "MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"};
static_assert(std::to_underlying(DigestAlgorithm::sha_512_256_sess) == algorithms.size() - 1);
constexpr std::array<std::string_view, 4> qops{"", "", "auth", "auth-int"};
static_assert(std::to_underlying(Qop::auth_int) == qops.size() - 1);

}  // namespace

DigestAlgorithm digest_algorithm_from(std::string_view text) {
  if (text.empty()) return DigestAlgorithm::md5;
  for (std::size_t i = 1; i < algorithms.size(); ++i)
    if (detail::equals_ignoring_case(algorithms[i], text)) return static_cast<DigestAlgorithm>(i);
  return DigestAlgorithm::unknown;
}

std::string_view to_string(DigestAlgorithm algorithm) {
  return algorithms[std::to_underlying(algorithm)];
}

Qop qop_from(std::string_view text) {
  if (text.empty()) return Qop::none;
  if (detail::equals_ignoring_case(text, to_string(Qop::auth))) return Qop::auth;
  if (detail::equals_ignoring_case(text, to_string(Qop::auth_int))) return Qop::auth_int;
  return Qop::unknown;
}

std::string_view to_string(Qop qop) {
  return qops[std::to_underlying(qop)];
}

}  // namespace sipring
