// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/security_mechanism.h>

#include <sipring/core/message/detail/known_parameter.h>

namespace sipring {
namespace {

constexpr detail::Spelled<SecurityMechanism::Kind> mechanism_kinds[] = {
    {"digest", SecurityMechanism::Kind::digest},
    {"tls", SecurityMechanism::Kind::tls},
    {"ipsec-ike", SecurityMechanism::Kind::ipsec_ike},
    {"ipsec-man", SecurityMechanism::Kind::ipsec_man},
    {"ipsec-3gpp", SecurityMechanism::Kind::ipsec_3gpp},
};

bool take_digest_verify(SecurityMechanism& mechanism, const Parameter& given,
                        std::uint32_t offset) {
  constexpr std::size_t digits = 32;
  const std::string_view digest = detail::without_quotes(given.value);
  return digest.size() == digits && detail::matches(detail::ValueRule::hex, digest) &&
         detail::quoted_value<&SecurityMechanism::digest_verify>(mechanism, given, offset);
}

constexpr detail::Known<SecurityMechanism> of_security_mechanism[] = {
    {"q", detail::qvalue<&SecurityMechanism::q>},
    {"d-alg", detail::token_value<&SecurityMechanism::digest_algorithm>},
    {"d-qop", detail::token_value<&SecurityMechanism::digest_qop>},
    {"d-ver", take_digest_verify},
};

}  // namespace

Parsed<SecurityMechanism> parse_security_mechanism(std::string_view value) {
  Parsed<SecurityMechanism> mechanism = detail::read_header(
      value, detail::Head::token, &SecurityMechanism::name, of_security_mechanism);
  if (mechanism)
    mechanism->kind =
        detail::word_from(mechanism_kinds, mechanism->name, SecurityMechanism::Kind::other);
  return mechanism;
}

}  // namespace sipring
