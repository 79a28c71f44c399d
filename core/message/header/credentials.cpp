// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/authentication.h>
#include <sipring/core/message/header/credentials.h>

#include <charconv>

namespace sipring {
namespace {

using detail::Quotes;

// Written in this order.
constexpr detail::DigestMember<Credentials> of_credentials[] = {
    {"username", &Credentials::username, Quotes::needed},
    {"username*", &Credentials::username_extended, Quotes::forbidden},
    {"realm", &Credentials::realm, Quotes::needed},
    {"nonce", &Credentials::nonce, Quotes::needed},
    {"uri", &Credentials::uri, Quotes::needed},
    {"response", &Credentials::response, Quotes::needed},
    {"algorithm", &Credentials::algorithm, Quotes::forbidden},
    {"cnonce", &Credentials::cnonce, Quotes::needed},
    {"opaque", &Credentials::opaque, Quotes::needed},
    {"qop", &Credentials::qop, Quotes::forbidden},
    {"nc", &Credentials::nc, Quotes::forbidden},
    {"userhash", &Credentials::userhash, Quotes::forbidden},
    {"auts", &Credentials::auts, Quotes::needed},
};

bool is_given(std::string_view member) {
  return member.data() != nullptr;
}

// The first thing wrong among of_credentials that are each well-formed; null data: nothing.
std::string_view find_conflict(Credentials& credentials, std::string_view value) {
  if (is_given(credentials.username) && is_given(credentials.username_extended))
    return credentials.username_extended;
  const std::string_view nc = credentials.nc;
  if (is_given(nc) &&
      !detail::take_nonce_count(nc, credentials.forgiven, detail::offset_of(nc, value)))
    return nc;
  return {};
}

}  // namespace

bool Credentials::is_digest() const {
  return detail::equals_ignoring_case(scheme, "Digest");
}

bool Credentials::is_complete() const {
  const bool named = is_given(username) || is_given(username_extended);
  const bool protectable = !is_given(qop) || (is_given(cnonce) && is_given(nc));
  return named && protectable && is_given(realm) && is_given(nonce) && is_given(uri) &&
         is_given(response);
}

std::uint32_t Credentials::nonce_count() const {
  std::uint32_t count = 0;
  std::from_chars(nc.data(), nc.data() + nc.size(), count, 16);
  return count;
}

Parsed<Credentials> parse_credentials(std::string_view value) {
  const auto read = detail::read_scheme_and_parameters(value);
  if (!read) return std::unexpected{read.error()};
  Credentials text;
  text.scheme = read->scheme;
  text.parameters = read->parameters;
  text.length = static_cast<std::uint32_t>(value.size());
  text.forgiven = read->forgiven;
  if (!text.is_digest()) {
    detail::note_parameters(text.scheme, text.parameters, value, text.forgiven);
    return text;
  }
  Parsed<Credentials> credentials = detail::take_members(text, of_credentials, value);
  if (!credentials) return credentials;
  const std::string_view conflict = find_conflict(*credentials, value);
  if (is_given(conflict))
    return std::unexpected{
        ParseError{ParseErrorCode::parameter, detail::offset_of(conflict, value)}};
  return credentials;
}

std::optional<std::string_view> write_credentials(const Credentials& credentials,
                                                  std::span<char> room) {
  detail::AuthenticationWriter writer(room);
  writer.put_scheme(credentials.scheme);
  if (credentials.is_digest())
    detail::put_members(writer, credentials, of_credentials);
  else
    writer.put_raw(credentials.parameters);
  return writer.text();
}

std::string_view write_nonce_count(std::uint32_t count, std::span<char, nonce_count_size> room) {
  for (std::size_t i = room.size(); i-- > 0; count >>= 4) room[i] = "0123456789abcdef"[count & 15];
  return {room.data(), room.size()};
}

}  // namespace sipring
