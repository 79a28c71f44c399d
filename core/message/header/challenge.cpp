// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/authentication.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/challenge.h>
#include <sipring/core/message/header/token.h>

namespace sipring {
namespace {

using detail::Quotes;

// Written in this order.
constexpr detail::DigestMember<Challenge> of_challenge[] = {
    {"realm", &Challenge::realm, Quotes::needed},
    {"domain", &Challenge::domain, Quotes::needed},
    {"qop", &Challenge::qop, Quotes::needed},
    {"nonce", &Challenge::nonce, Quotes::needed},
    {"opaque", &Challenge::opaque, Quotes::needed},
    {"stale", &Challenge::stale, Quotes::forbidden},
    {"algorithm", &Challenge::algorithm, Quotes::forbidden},
    {"charset", &Challenge::charset, Quotes::forbidden},
    {"userhash", &Challenge::userhash, Quotes::forbidden},
};

}  // namespace

bool Challenge::is_digest() const {
  return detail::equals_ignoring_case(scheme, "Digest");
}

bool Challenge::is_complete() const {
  return realm.data() != nullptr && nonce.data() != nullptr;
}

bool Challenge::is_stale() const {
  return detail::equals_ignoring_case(stale, "true");
}

bool Challenge::offers(Qop wanted) const {
  if (wanted == Qop::none) return qop.empty();
  for (const Parsed<Token>& token : elements<parse_token>(qop))
    if (token && qop_from(token->text) == wanted) return true;
  return false;
}

Parsed<Challenge> parse_challenge(std::string_view value) {
  const auto read = detail::read_scheme_and_parameters(value);
  if (!read) return std::unexpected{read.error()};
  Challenge challenge;
  challenge.scheme = read->scheme;
  challenge.parameters = read->parameters;
  challenge.length = static_cast<std::uint32_t>(value.size());
  challenge.forgiven = read->forgiven;
  if (!challenge.is_digest()) {
    detail::note_parameters(challenge.scheme, challenge.parameters, value, challenge.forgiven);
    return challenge;
  }
  return detail::take_members(challenge, of_challenge, value);
}

std::optional<std::string_view> write_challenge(const Challenge& challenge, std::span<char> room) {
  detail::AuthenticationWriter writer(room);
  writer.put_scheme(challenge.scheme);
  if (challenge.is_digest())
    detail::put_members(writer, challenge, of_challenge);
  else
    writer.put_raw(challenge.parameters);
  return writer.text();
}

}  // namespace sipring
