// SPDX-License-Identifier: MIT
#include <sipring/core/auth/digest_server.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/challenge.h>
#include <sipring/core/message/header/credentials.h>
#include <sipring/core/message/header/text.h>
#include <sipring/core/message/uri_writer.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <array>

namespace sipring {
namespace {

constexpr std::size_t longest_quoted = 512;  // octets of a quoted value that is looked into
using Room = std::array<char, longest_quoted>;

HeaderId credentials_of(DigestRole role) {
  return role == DigestRole::proxy ? HeaderId::proxy_authorization : HeaderId::authorization;
}

// As hexadecimal digits are sent in either case, and hashed in lower.
std::string_view lower_digits(std::string_view digits, std::span<char> room) {
  std::ranges::transform(digits, room.begin(), [](char digit) {
    return digit >= 'A' && digit <= 'F' ? static_cast<char>(digit + ('a' - 'A')) : digit;
  });
  return {room.data(), digits.size()};
}

// What the octets of a quoted value say.
template <class Text>
bool hold_said(Text& text, std::string_view inner) {
  Room room;
  const auto said = inner.size() <= room.size() ? unescape_quoted(inner, room) : std::nullopt;
  return said && text.assign(*said);
}

bool is_said(std::string_view inner, std::string_view text) {
  Room room;
  const auto said = inner.size() <= room.size() ? unescape_quoted(inner, room) : std::nullopt;
  return said == text;
}

// "UTF-8'en'J%C3%A4s" (RFC 7616 section 3.4, RFC 5987 section 3.2).
bool hold_extended(FixedText<DigestClaim::longest_username>& username, std::string_view extended) {
  const std::size_t language = extended.find('\'');
  const std::size_t text = language == extended.npos ? language : extended.find('\'', language + 1);
  if (text == extended.npos || !same_text_ignoring_case(extended.substr(0, language), "UTF-8"))
    return false;
  std::array<char, 3 * DigestClaim::longest_username> room;
  const std::string_view escaped = extended.substr(text + 1);
  if (escaped.size() > room.size()) return false;
  const auto said = unescape(escaped, room);
  return said && username.assign(*said);
}

std::expected<DigestClaim, ClaimError> hold(const Credentials& credentials) {
  DigestClaim claim;
  claim.is_userhash = is_true(credentials.userhash);
  claim.algorithm = digest_algorithm_from(credentials.algorithm);
  claim.qop = credentials.qop.data() == nullptr ? Qop::none : qop_from(credentials.qop);
  // Without a count a nonce is used once, as if it were the first time.
  claim.nonce_count = claim.qop == Qop::none ? 1 : credentials.nonce_count();
  const bool is_named = credentials.username.data() != nullptr
                            ? hold_said(claim.username, credentials.username)
                            : hold_extended(claim.username, credentials.username_extended);
  if (!is_named || !hold_said(claim.cnonce, credentials.cnonce))
    return std::unexpected(ClaimError::too_long);
  // One of another length is not ours: nothing is stale about it.
  if (!hold_said(claim.nonce, credentials.nonce)) return std::unexpected(ClaimError::too_long);
  if (credentials.response.size() > claim.response.digits.size())
    return std::unexpected(ClaimError::malformed);
  claim.response.size = static_cast<std::uint8_t>(credentials.response.size());
  (void)lower_digits(credentials.response, claim.response.digits);
  return claim;
}

}  // namespace

std::string_view to_string(ClaimError error) {
  switch (error) {
    case ClaimError::absent: return "absent";
    case ClaimError::malformed: return "malformed";
    case ClaimError::unknown_algorithm: return "unknown_algorithm";
    case ClaimError::unknown_qop: return "unknown_qop";
    case ClaimError::too_long: return "too_long";
  }
  return "";
}

std::uint16_t status_of(ClaimError error, DigestRole role) {
  if (error == ClaimError::malformed) return 400;
  return role == DigestRole::proxy ? 407 : 401;
}

DigestServer::DigestServer(const DigestServerSettings& settings, const HashFunctions& functions,
                           const Entropy& entropy, std::pmr::memory_resource& memory)
    : settings_(settings), functions_(functions), nonces_(settings.nonces, entropy, memory) {
  std::erase_if(settings_.algorithms,
                [&](DigestAlgorithm algorithm) { return !functions.knows(algorithm); });
  SIPRING_ASSERT(!settings_.algorithms.empty() && settings_.algorithms.size() <= most_lines);
  std::string room(2 * settings.realm.size(), '\0');
  realm_ = escape_quoted(settings.realm, room).value_or("");
}

bool DigestServer::offers(DigestAlgorithm algorithm) const {
  return std::ranges::find(settings_.algorithms, algorithm) != settings_.algorithms.end();
}

// The first credentials of this realm count; those of others are for other servers on the way.
std::expected<DigestClaim, ClaimError> DigestServer::claim(const Message& request) const {
  for (const HeaderField& field : request.each(credentials_of(settings_.role))) {
    const Parsed<Credentials> credentials = parse_credentials(field.value);
    if (!credentials) return std::unexpected(ClaimError::malformed);
    if (!credentials->is_digest() || !is_said(credentials->realm, settings_.realm)) continue;
    if (!credentials->is_complete()) return std::unexpected(ClaimError::malformed);
    if (!offers(digest_algorithm_from(credentials->algorithm)))
      return std::unexpected(ClaimError::unknown_algorithm);
    std::expected<DigestClaim, ClaimError> claim = hold(*credentials);
    if (!claim) return claim;
    const bool knows_qop = claim->qop == Qop::auth ||
                           (claim->qop == Qop::auth_int && settings_.offers_integrity) ||
                           (claim->qop == Qop::none && settings_.takes_no_qop);
    if (!knows_qop) return std::unexpected(ClaimError::unknown_qop);
    claim->is_ack = request.method() == Method::ack;
    Room room;
    if (credentials->uri.size() > room.size()) return std::unexpected(ClaimError::too_long);
    const auto uri = unescape_quoted(credentials->uri, room);
    if (!uri) return std::unexpected(ClaimError::malformed);
    claim->ha2 = make_ha2(functions_, claim->algorithm, claim->qop,
                          claim->is_ack ? "INVITE" : request.method_name(), *uri, request.body());
    return claim;
  }
  return std::unexpected(ClaimError::absent);
}

DigestVerdict DigestServer::judge(Instant now, const DigestClaim& claim,
                                  const std::optional<HexDigest>& ha1) {
  // For a user who is not there the same work is done, with an HA1 that nobody has.
  HexDigest nobody{.size = digits_of(claim.algorithm)};
  nobody.digits.fill('0');
  std::array<char, nonce_count_size> nc{};
  const HexDigest expected = make_response(functions_, claim.algorithm,
                                           {.ha1 = ha1 ? ha1->view() : nobody.view(),
                                            .nonce = claim.nonce.view(),
                                            .nc = write_nonce_count(claim.nonce_count, nc),
                                            .cnonce = claim.cnonce.view(),
                                            .qop = claim.qop,
                                            .ha2 = claim.ha2.view()});
  const bool is_right = equal_in_constant_time(expected.view(), claim.response.view());
  const auto number = nonces_.number_of(claim.nonce.view(), now);
  if (!is_right || !ha1) return DigestVerdict::refused;
  if (!number) return DigestVerdict::stale;
  const bool is_fresh = claim.is_ack ? nonces_.is_used(*number, claim.nonce_count)
                                     : nonces_.use(*number, claim.nonce_count);
  return is_fresh ? DigestVerdict::accepted : DigestVerdict::stale;
}

std::size_t DigestServer::room_for_lines() const {
  constexpr std::size_t fixed = 192;  // names and values of a challenge, without the realm
  return settings_.algorithms.size() * (fixed + realm_.size());
}

std::span<const HeaderLine> DigestServer::challenge(Instant now, bool stale,
                                                    std::span<HeaderLine> lines,
                                                    std::span<char> room) {
  const Nonce nonce = nonces_.make(now);
  const bool is_proxy = settings_.role == DigestRole::proxy;
  std::size_t count = 0;
  for (const DigestAlgorithm algorithm : settings_.algorithms) {
    Challenge challenge{.scheme = "Digest", .realm = realm_};
    challenge.qop = settings_.offers_integrity ? "auth,auth-int" : "auth";
    challenge.nonce = nonce.view();
    challenge.algorithm = to_string(algorithm);
    if (stale) challenge.stale = "true";
    if (settings_.offers_userhash) challenge.userhash = "true";
    const auto value = write_challenge(challenge, room);
    if (!value || count == lines.size()) return {};
    room = room.subspan(value->size());
    lines[count++] = {is_proxy ? "Proxy-Authenticate" : "WWW-Authenticate", *value};
  }
  return lines.first(count);
}

}  // namespace sipring
