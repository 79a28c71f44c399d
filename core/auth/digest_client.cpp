// SPDX-License-Identifier: MIT
#include <sipring/core/auth/digest_client.h>
#include <sipring/core/message/header/authentication_info.h>
#include <sipring/core/message/header/credentials.h>
#include <sipring/core/message/header/text.h>
#include <sipring/pools/hexadecimal.h>

#include <algorithm>

namespace sipring {
namespace {

// What a quoted value says; itself where its escapes do not fit.
template <std::size_t Size>
std::string_view said(std::string_view inner, std::array<char, Size>& room) {
  return unescape_quoted(inner, room).value_or(inner);
}

}  // namespace

std::string_view to_string(DigestError error) {
  switch (error) {
    case DigestError::no_challenge: return "no_challenge";
    case DigestError::unknown_scheme: return "unknown_scheme";
    case DigestError::unknown_algorithm: return "unknown_algorithm";
    case DigestError::unknown_qop: return "unknown_qop";
    case DigestError::wrong_password: return "wrong_password";
    case DigestError::too_many_realms: return "too_many_realms";
    case DigestError::too_long: return "too_long";
    case DigestError::no_room: return "no_room";
  }
  return "";
}

DigestClient::DigestClient(const DigestAccount& account, const HashFunctions& functions,
                           const Entropy& entropy)
    : account_(account),
      functions_(functions),
      seed_{entropy.words[2] ^ 0x636e6f6e6365, entropy.words[3]} {  // of no other use
  std::string room(2 * account.username.size(), '\0');
  quoted_username_ = escape_quoted(account.username, room).value_or("");
}

std::expected<void, DigestError> DigestClient::take(const Message& response,
                                                    DigestAttempt& attempt) {
  bool any = false;
  if (Taken taken = take_all(response, HeaderId::www_authenticate, false, attempt, any); !taken)
    return taken;
  if (Taken taken = take_all(response, HeaderId::proxy_authenticate, true, attempt, any); !taken)
    return taken;
  if (!any) return std::unexpected(DigestError::no_challenge);
  return {};
}

// The topmost of each realm that we can answer (RFC 8760 section 2.4); those below it are passed
// over. A realm of which none can be answered is an error.
std::expected<void, DigestError> DigestClient::take_all(const Message& response, HeaderId id,
                                                        bool is_proxy, DigestAttempt& attempt,
                                                        bool& any) {
  std::array<std::string_view, most_realms> answered;
  std::size_t count = 0;
  DigestError reason = DigestError::no_challenge;
  bool is_refused = false;
  for (const HeaderField& field : response.each(id)) {
    const Parsed<Challenge> challenge = parse_challenge(field.value);
    if (!challenge) continue;
    const auto done = std::span(answered).first(count);
    if (std::ranges::find(done, challenge->realm) != done.end()) continue;
    const auto qop = judge(*challenge);
    if (!qop) {
      reason = qop.error();
      is_refused = true;
      continue;
    }
    if (count == most_realms) return std::unexpected(DigestError::too_many_realms);
    if (Taken taken = take_one(*challenge, *qop, is_proxy, attempt); !taken) return taken;
    answered[count++] = challenge->realm;
  }
  any = any || count != 0;
  if (is_refused && count == 0) return std::unexpected(reason);
  return {};
}

std::expected<Qop, DigestError> DigestClient::judge(const Challenge& challenge) const {
  if (!challenge.is_digest()) return std::unexpected(DigestError::unknown_scheme);
  if (!challenge.is_complete()) return std::unexpected(DigestError::no_challenge);
  if (!functions_.knows(digest_algorithm_from(challenge.algorithm)))
    return std::unexpected(DigestError::unknown_algorithm);
  const bool has_integrity = challenge.offers(Qop::auth_int);
  if (has_integrity && (account_.prefers_integrity || !challenge.offers(Qop::auth)))
    return Qop::auth_int;
  if (challenge.offers(Qop::auth)) return Qop::auth;
  if (challenge.offers(Qop::none)) return Qop::none;
  return std::unexpected(DigestError::unknown_qop);
}

// A realm may challenge a request once; a second time only because the nonce had become stale.
// Credentials that were sent unasked, with a nonce of an earlier request, are no answer to it.
std::expected<void, DigestError> DigestClient::take_one(const Challenge& challenge, Qop qop,
                                                        bool is_proxy, DigestAttempt& attempt) {
  Realm* realm = find(challenge.realm, is_proxy);
  if (realm == nullptr) {
    if (count_ == most_realms) return std::unexpected(DigestError::too_many_realms);
    realm = &realms_[count_];
  }
  DigestAttempt::Answer& answer = attempt.answers[static_cast<std::size_t>(realm - realms_.data())];
  if (answer.was_asked && (!challenge.is_stale() || answer.was_stale))
    return std::unexpected(DigestError::wrong_password);
  if (Taken kept = keep(challenge, qop, is_proxy, *realm); !kept) return kept;
  if (realm == &realms_[count_]) ++count_;
  answer.was_stale = answer.was_asked;
  answer.was_asked = true;
  return {};
}

DigestClient::Realm* DigestClient::find(std::string_view name, bool is_proxy) {
  const auto known = std::span(realms_).first(count_);
  const auto found = std::ranges::find_if(known, [&](const Realm& realm) {
    return realm.is_proxy == is_proxy && realm.name.view() == name;
  });
  return found == known.end() ? nullptr : &*found;
}

// Another request may have got a newer nonce meanwhile; the newest one is used by all.
std::expected<void, DigestError> DigestClient::keep(const Challenge& challenge, Qop qop,
                                                    bool is_proxy, Realm& realm) {
  const bool fits = challenge.realm.size() <= longest_realm &&
                    challenge.nonce.size() <= longest_nonce &&
                    challenge.opaque.size() <= longest_opaque;
  if (!fits) return std::unexpected(DigestError::too_long);
  realm.is_proxy = is_proxy;
  realm.qop = qop;
  realm.has_userhash = is_true(challenge.userhash);
  realm.has_opaque = challenge.opaque.data() != nullptr;
  (void)realm.opaque.assign(challenge.opaque);
  if (realm.name.view() != challenge.realm) realm.algorithm = DigestAlgorithm::unknown;
  (void)realm.name.assign(challenge.realm);
  set_account(realm, digest_algorithm_from(challenge.algorithm));
  (void)renew(realm, challenge.nonce);
  return {};
}

bool DigestClient::renew(Realm& realm, std::string_view nonce) {
  if (nonce.size() > longest_nonce) return false;
  if (realm.nonce.view() == nonce && realm.generation != 0) return true;  // counts go on
  (void)realm.nonce.assign(nonce);
  realm.generation = ++generations_;
  realm.nonce_count = 0;
  return true;
}

// The password is hashed once for a realm and an algorithm.
void DigestClient::set_account(Realm& realm, DigestAlgorithm algorithm) {
  if (realm.algorithm == algorithm) return;
  realm.algorithm = algorithm;
  std::array<char, longest_realm> room;
  const std::string_view name = said(realm.name.view(), room);
  realm.ha1 = make_ha1(functions_, algorithm, account_.username, name, account_.password);
  realm.userhash = make_userhash(functions_, algorithm, account_.username, name);
}

std::expected<std::span<const HeaderLine>, DigestError> DigestClient::credentials(
    const DigestRequest& request, DigestAttempt& attempt, std::span<HeaderLine> lines,
    std::span<char> room) {
  for (std::size_t i = 0; i < count_; ++i) {
    attempt.answers[i].generation = realms_[i].generation;
    attempt.answers[i].nonce_count = ++realms_[i].nonce_count;
  }
  return same_credentials(request, attempt, lines, room);
}

std::expected<std::span<const HeaderLine>, DigestError> DigestClient::same_credentials(
    const DigestRequest& request, const DigestAttempt& attempt, std::span<HeaderLine> lines,
    std::span<char> room) const {
  std::size_t written = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    const DigestAttempt::Answer& answer = attempt.answers[i];
    if (answer.generation == 0 || answer.generation != realms_[i].generation) continue;
    if (written == lines.size()) return std::unexpected(DigestError::no_room);
    const auto line = write(realms_[i], request, answer.nonce_count, room);
    if (!line) return std::unexpected(line.error());
    room = room.subspan(line->value.size());
    lines[written++] = *line;
  }
  return lines.first(written);
}

std::expected<HeaderLine, DigestError> DigestClient::write(const Realm& realm,
                                                           const DigestRequest& request,
                                                           std::uint32_t nonce_count,
                                                           std::span<char> room) const {
  const HexDigest ha2 =
      make_ha2(functions_, realm.algorithm, realm.qop, request.method, request.uri, request.body);
  const HexDigest proof = response(realm, nonce_count, ha2.view());
  const Cnonce own = cnonce(realm, nonce_count);
  std::array<char, nonce_count_size> nc{};
  Credentials credentials{
      .scheme = "Digest",
      .username = realm.has_userhash ? realm.userhash.view() : std::string_view(quoted_username_)};
  credentials.realm = realm.name.view();
  credentials.nonce = realm.nonce.view();
  credentials.uri = request.uri;
  credentials.response = proof.view();
  credentials.algorithm = to_string(realm.algorithm);
  if (realm.has_opaque) credentials.opaque = realm.opaque.view();
  if (realm.has_userhash) credentials.userhash = "true";
  if (realm.qop != Qop::none) {
    credentials.qop = to_string(realm.qop);
    credentials.nc = write_nonce_count(nonce_count, nc);
  }
  if (realm.qop != Qop::none || is_session(realm.algorithm)) credentials.cnonce = own.view();
  const auto value = write_credentials(credentials, room);
  if (!value) return std::unexpected(DigestError::no_room);
  return HeaderLine{realm.is_proxy ? "Proxy-Authorization" : "Authorization", *value};
}

HexDigest DigestClient::response(const Realm& realm, std::uint32_t nonce_count,
                                 std::string_view ha2) const {
  const Cnonce own = cnonce(realm, nonce_count);
  std::array<char, nonce_count_size> nc{};
  std::array<char, longest_nonce> room;
  return make_response(functions_, realm.algorithm,
                       {.ha1 = realm.ha1.view(),
                        .nonce = said(realm.nonce.view(), room),
                        .nc = write_nonce_count(nonce_count, nc),
                        .cnonce = own.view(),
                        .qop = realm.qop,
                        .ha2 = ha2});
}

// A function of nonce and count, so none is kept. One for each, for who would let it be chosen
// could look up what it hashes to (RFC 7616 section 5.9).
DigestClient::Cnonce DigestClient::cnonce(const Realm& realm, std::uint32_t nonce_count) const {
  Hasher hasher(seed_);
  hasher.add(std::uint64_t{realm.generation} << 32 | nonce_count);
  Cnonce cnonce;
  (void)put_hexadecimal(cnonce.digits.data(), hasher.finish_low());
  return cnonce;
}

// It names no realm: it belongs to the one whose cnonce it gives back, or to the only one. Of
// proxies it does not come (RFC 3261 section 20.6).
bool DigestClient::take_info(const Message& response, const DigestRequest& request,
                             const DigestAttempt& attempt) {
  const auto value = response.first(HeaderId::authentication_info);
  if (!value) return true;
  const Parsed<AuthenticationInfo> info = parse_authentication_info(*value);
  if (!info) return true;
  for (std::size_t i = 0; i < count_; ++i) {
    Realm& realm = realms_[i];
    const DigestAttempt::Answer& answer = attempt.answers[i];
    const bool was_sent = answer.generation != 0 && answer.generation == realm.generation;
    if (realm.is_proxy || !was_sent) continue;
    const bool is_mine = info->cnonce.data() == nullptr
                             ? count_ == 1
                             : info->cnonce == cnonce(realm, answer.nonce_count).view();
    if (!is_mine) continue;
    if (info->rspauth.data() != nullptr && realm.qop != Qop::none) {
      const HexDigest ha2 =
          make_ha2(functions_, realm.algorithm, realm.qop, "", request.uri, response.body());
      const HexDigest proof = this->response(realm, answer.nonce_count, ha2.view());
      if (!equal_in_constant_time(proof.view(), info->rspauth)) return false;
    }
    if (!info->nextnonce.empty()) (void)renew(realm, info->nextnonce);
  }
  return true;
}

}  // namespace sipring
