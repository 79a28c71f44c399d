// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/authentication.h>
#include <sipring/core/message/header/authentication_info.h>

namespace sipring {
namespace {

using detail::Quotes;

// Written in this order.
constexpr detail::DigestMember<AuthenticationInfo> of_authentication_info[] = {
    {"nextnonce", &AuthenticationInfo::nextnonce, Quotes::needed},
    {"qop", &AuthenticationInfo::qop, Quotes::forbidden},
    {"rspauth", &AuthenticationInfo::rspauth, Quotes::needed},
    {"cnonce", &AuthenticationInfo::cnonce, Quotes::needed},
    {"nc", &AuthenticationInfo::nc, Quotes::forbidden},
};

}  // namespace

Parsed<AuthenticationInfo> parse_authentication_info(std::string_view value) {
  const auto read = detail::read_authentication_parameters(value);
  if (!read) return std::unexpected{read.error()};
  AuthenticationInfo text;
  text.parameters = read->parameters;
  text.forgiven = read->forgiven;
  Parsed<AuthenticationInfo> info = detail::take_members(text, of_authentication_info, value);
  if (!info || info->nc.data() == nullptr) return info;
  const std::uint32_t offset = detail::offset_of(info->nc, value);
  if (!detail::take_nonce_count(info->nc, info->forgiven, offset))
    return std::unexpected{ParseError{ParseErrorCode::parameter, offset}};
  return info;
}

std::optional<std::string_view> write_authentication_info(const AuthenticationInfo& info,
                                                          std::span<char> room) {
  detail::AuthenticationWriter writer(room);
  detail::put_members(writer, info, of_authentication_info);
  return writer.text();
}

}  // namespace sipring
