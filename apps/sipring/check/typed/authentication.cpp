// Who somebody is, and how that is shown: Digest, Identity, security mechanisms.
// SPDX-License-Identifier: MIT
#include <check/typed/typed.h>

#include <sipring/core/message/header/authentication_info.h>
#include <sipring/core/message/header/challenge.h>
#include <sipring/core/message/header/credentials.h>
#include <sipring/core/message/header/identity.h>
#include <sipring/core/message/header/security_mechanism.h>

namespace sipring::app::typed {
namespace {

TypedValue challenge(const Challenge& challenge) {
  TypedValue typed;
  put(typed, "scheme", challenge.scheme);
  if (!challenge.is_digest()) put(typed, "parameters", challenge.parameters);
  put(typed, "realm", challenge.realm);
  put(typed, "domain", challenge.domain);
  put(typed, "nonce", challenge.nonce);
  put(typed, "algorithm", challenge.algorithm);
  put(typed, "qop", challenge.qop);
  put(typed, "opaque", challenge.opaque);
  put(typed, "stale", challenge.stale);
  put(typed, "charset", challenge.charset);
  put(typed, "userhash", challenge.userhash);
  if (challenge.is_digest() && !challenge.is_complete())
    typed.emplace_back("complete", "no: a realm or a nonce is missing");
  return typed;
}

TypedValue credentials(const Credentials& credentials) {
  TypedValue typed;
  put(typed, "scheme", credentials.scheme);
  if (!credentials.is_digest()) put(typed, "parameters", credentials.parameters);
  put(typed, "username", credentials.username);
  put(typed, "username*", credentials.username_extended);
  put(typed, "realm", credentials.realm);
  put(typed, "nonce", credentials.nonce);
  put(typed, "uri", credentials.uri);
  put(typed, "response", credentials.response);
  put(typed, "algorithm", credentials.algorithm);
  put(typed, "qop", credentials.qop);
  put(typed, "nc", credentials.nc);
  put(typed, "cnonce", credentials.cnonce);
  put(typed, "opaque", credentials.opaque);
  put(typed, "userhash", credentials.userhash);
  put(typed, "auts", credentials.auts);
  if (credentials.is_digest() && !credentials.is_complete())
    typed.emplace_back("complete", "no: no response can be computed");
  return typed;
}

TypedValue information(const AuthenticationInfo& info) {
  TypedValue typed;
  put(typed, "nextnonce", info.nextnonce);
  put(typed, "qop", info.qop);
  put(typed, "rspauth", info.rspauth);
  put(typed, "cnonce", info.cnonce);
  put(typed, "nc", info.nc);
  return typed;
}

TypedValue identity(const Identity& identity) {
  TypedValue typed;
  put(typed, "digest", identity.signed_digest);
  put(typed, "info", identity.info);
  put(typed, "alg", identity.algorithm);
  put(typed, "ppt", identity.passport_type);
  return typed;
}

TypedValue mechanism(const SecurityMechanism& mechanism) {
  TypedValue typed;
  put(typed, "mechanism", mechanism.name);
  if (mechanism.q) put_quality(typed, *mechanism.q);
  put(typed, "d-alg", mechanism.digest_algorithm);
  put(typed, "d-qop", mechanism.digest_qop);
  put(typed, "d-ver", mechanism.digest_verify);
  put(typed, "parameters", mechanism.parameters);
  return typed;
}

constexpr Row authentication_rows[] = {
    {HeaderId::authentication_info, authentication_info},
    {HeaderId::authorization, one<parse_credentials, credentials>},
    {HeaderId::identity, one<parse_identity, identity>},
    {HeaderId::proxy_authenticate, one<parse_challenge, challenge>},
    {HeaderId::proxy_authorization, one<parse_credentials, credentials>},
    {HeaderId::security_client, list<parse_security_mechanism, mechanism>},
    {HeaderId::security_server, list<parse_security_mechanism, mechanism>},
    {HeaderId::security_verify, list<parse_security_mechanism, mechanism>},
    {HeaderId::www_authenticate, one<parse_challenge, challenge>},
};

}  // namespace

std::span<const Row> authentication() {
  return authentication_rows;
}

Elements authentication_info(std::string_view value) {
  return one<parse_authentication_info, information>(value);
}

}  // namespace sipring::app::typed
