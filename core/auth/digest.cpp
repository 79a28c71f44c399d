// SPDX-License-Identifier: MIT
#include <sipring/core/auth/digest.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <initializer_list>
#include <span>

namespace sipring {
namespace {

HexDigest hash(const HashFunctions& functions, DigestAlgorithm algorithm,
               std::initializer_list<std::string_view> pieces) {
  const HashFunctions::Hash function = functions.of(algorithm);
  SIPRING_ASSERT(function != nullptr);
  std::array<std::uint8_t, 32> octets{};
  function(functions.context, std::span(pieces.begin(), pieces.size()), octets.data());
  HexDigest digest{.size = digits_of(algorithm)};
  for (std::size_t i = 0; i < digest.size; ++i) {
    const unsigned octet = octets[i / 2];
    digest.digits[i] = "0123456789abcdef"[i % 2 == 0 ? octet >> 4 : octet & 15];
  }
  return digest;
}

}  // namespace

HexDigest make_ha1(const HashFunctions& functions, DigestAlgorithm algorithm,
                   std::string_view username, std::string_view realm, std::string_view password) {
  return hash(functions, algorithm, {username, ":", realm, ":", password});
}

HexDigest make_userhash(const HashFunctions& functions, DigestAlgorithm algorithm,
                        std::string_view username, std::string_view realm) {
  return hash(functions, algorithm, {username, ":", realm});
}

HexDigest make_ha2(const HashFunctions& functions, DigestAlgorithm algorithm, Qop qop,
                   std::string_view method, std::string_view uri, std::string_view body) {
  if (qop != Qop::auth_int) return hash(functions, algorithm, {method, ":", uri});
  const HexDigest of_body = hash(functions, algorithm, {body});
  return hash(functions, algorithm, {method, ":", uri, ":", of_body.view()});
}

HexDigest make_response(const HashFunctions& functions, DigestAlgorithm algorithm,
                        const ResponseInput& input) {
  HexDigest of_session;
  std::string_view ha1 = input.ha1;
  if (is_session(algorithm)) {
    of_session = hash(functions, algorithm, {ha1, ":", input.nonce, ":", input.cnonce});
    ha1 = of_session.view();
  }
  if (input.qop == Qop::none)
    return hash(functions, algorithm, {ha1, ":", input.nonce, ":", input.ha2});
  return hash(functions, algorithm,
              {ha1, ":", input.nonce, ":", input.nc, ":", input.cnonce, ":", to_string(input.qop),
               ":", input.ha2});
}

bool is_true(std::string_view parameter) {
  constexpr std::string_view word = "true";
  return std::ranges::equal(parameter, word, [](char a, char b) { return (a | 0x20) == b; });
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return *static_cast<volatile unsigned*>(&difference) == 0;
}

}  // namespace sipring
