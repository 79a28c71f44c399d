// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/detail/uri_text.h>
#include <sipring/core/message/uri_writer.h>

#include <algorithm>

namespace sipring {
namespace {

std::optional<UriError> fault_of(const UriParts& parts) {
  if (parts.scheme > Uri::Scheme::sips) return UriError::scheme;
  if (parts.user ? parts.user->empty() : parts.password.has_value()) return UriError::user;
  if (!detail::is_host(parts.host) && !detail::is_ipv6_address(parts.host)) return UriError::host;
  const auto is_nameless = [](const UriComponent& component) { return component.name.empty(); };
  const auto is_empty = [&](const UriComponent& parameter) {
    return is_nameless(parameter) || (parameter.has_value && parameter.value.empty());
  };
  if (std::ranges::any_of(parts.parameters, is_empty) ||
      std::ranges::any_of(parts.headers, is_nameless))
    return UriError::parameter;
  return std::nullopt;
}

void add_scheme(TextWriter& out, Uri::Scheme scheme) {
  out << (scheme == Uri::Scheme::sip ? "sip:" : "sips:");
}

void add_all_escaped(TextWriter& out, UriPart part, std::string_view text) {
  for (const char octet : text) detail::add_escaped(out, part, octet);
}

void add_userinfo(TextWriter& out, const UriParts& parts) {
  if (!parts.user) return;
  add_all_escaped(out, UriPart::user, *parts.user);
  if (parts.password) {
    out << ':';
    add_all_escaped(out, UriPart::password, *parts.password);
  }
  out << '@';
}

void add_host(TextWriter& out, std::string_view host) {
  const bool bare_ipv6 = host.find(':') != host.npos && host.front() != '[';
  if (bare_ipv6) out << '[';
  out << host;
  if (bare_ipv6) out << ']';
}

void add_parameters(TextWriter& out, std::span<const UriComponent> parameters) {
  for (const UriComponent& parameter : parameters) {
    out << ';';
    add_all_escaped(out, UriPart::parameter, parameter.name);
    if (!parameter.has_value) continue;
    out << '=';
    add_all_escaped(out, UriPart::parameter, parameter.value);
  }
}

void add_headers(TextWriter& out, std::span<const UriComponent> headers) {
  char separator = '?';
  for (const UriComponent& header : headers) {
    out << separator;
    add_all_escaped(out, UriPart::header, header.name);
    out << '=';
    add_all_escaped(out, UriPart::header, header.value);
    separator = '&';
  }
}

void add_userinfo(TextWriter& out, const Uri& uri) {
  if (uri.user.data() == nullptr) {
    // "sip:@h?a=b@c" was forgiven; without its first "@" the second would end a user.
    if (uri.headers.find('@') != uri.headers.npos) out << '@';
    return;
  }
  out << uri.user;
  if (uri.password.data() != nullptr) {
    out << ':';
    out << uri.password;
  }
  out << '@';
}

bool has_same_parts(const Uri& a, const Uri& b) {
  const auto both_absent_or_not = [](std::string_view x, std::string_view y) {
    return (x.data() == nullptr) == (y.data() == nullptr);
  };
  return a.scheme == b.scheme && a.port == b.port && a.user == b.user &&
         both_absent_or_not(a.user, b.user) && a.password == b.password &&
         both_absent_or_not(a.password, b.password) && a.host == b.host &&
         a.parameters == b.parameters && a.headers == b.headers;
}

}  // namespace

UriText write_uri(const UriParts& parts, std::span<char> room) {
  if (const std::optional<UriError> fault = fault_of(parts)) return std::unexpected(*fault);
  TextWriter out{room};
  add_scheme(out, parts.scheme);
  add_userinfo(out, parts);
  add_host(out, parts.host);
  detail::add_port(out, parts.port);
  add_parameters(out, parts.parameters);
  add_headers(out, parts.headers);
  return detail::text_of(out);
}

UriText write_uri(const Uri& uri, std::span<char> room) {
  if (!is_sip(uri)) return std::unexpected(UriError::scheme);
  TextWriter out{room};
  add_scheme(out, uri.scheme);
  add_userinfo(out, uri);
  out << uri.host;
  detail::add_port(out, uri.port);
  out << uri.parameters;
  if (!uri.headers.empty()) {
    out << '?';
    out << uri.headers;
  }
  const UriText text = detail::text_of(out);
  if (!text) return text;
  const Parsed<Uri> again = parse_uri(*text);
  if (!again || !has_same_parts(uri, *again)) return std::unexpected(UriError::changed);
  return text;
}

}  // namespace sipring
