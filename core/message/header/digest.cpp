// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/spelling.h>
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
  return detail::enum_from<DigestAlgorithm>(algorithms, text);
}

std::string_view to_string(DigestAlgorithm algorithm) {
  return algorithms[std::to_underlying(algorithm)];
}

Qop qop_from(std::string_view text) {
  if (text.empty()) return Qop::none;
  const Qop qop = detail::enum_from<Qop>(qops, text);
  return qop == Qop::none ? Qop::unknown : qop;
}

std::string_view to_string(Qop qop) {
  return qops[std::to_underlying(qop)];
}

}  // namespace sipring
