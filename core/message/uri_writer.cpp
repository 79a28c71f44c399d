// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/detail/text_room.h>
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

void add_scheme(detail::TextRoom& out, Uri::Scheme scheme) {
  out.add(scheme == Uri::Scheme::sip ? "sip:" : "sips:");
}

void add_all_escaped(detail::TextRoom& out, UriPart part, std::string_view text) {
  for (const char octet : text) out.add_escaped(part, octet);
}

void add_userinfo(detail::TextRoom& out, const UriParts& parts) {
  if (!parts.user) return;
  add_all_escaped(out, UriPart::user, *parts.user);
  if (parts.password) {
    out.add(':');
    add_all_escaped(out, UriPart::password, *parts.password);
  }
  out.add('@');
}

void add_host(detail::TextRoom& out, std::string_view host) {
  const bool bare_ipv6 = host.find(':') != host.npos && host.front() != '[';
  if (bare_ipv6) out.add('[');
  out.add(host);
  if (bare_ipv6) out.add(']');
}

void add_parameters(detail::TextRoom& out, std::span<const UriComponent> parameters) {
  for (const UriComponent& parameter : parameters) {
    out.add(';');
    add_all_escaped(out, UriPart::parameter, parameter.name);
    if (!parameter.has_value) continue;
    out.add('=');
    add_all_escaped(out, UriPart::parameter, parameter.value);
  }
}

void add_headers(detail::TextRoom& out, std::span<const UriComponent> headers) {
  char separator = '?';
  for (const UriComponent& header : headers) {
    out.add(separator);
    add_all_escaped(out, UriPart::header, header.name);
    out.add('=');
    add_all_escaped(out, UriPart::header, header.value);
    separator = '&';
  }
}

void add_userinfo(detail::TextRoom& out, const Uri& uri) {
  if (uri.user.data() == nullptr) {
    // "sip:@h?a=b@c" was forgiven; without its first "@" the second would end a user.
    if (uri.headers.find('@') != uri.headers.npos) out.add('@');
    return;
  }
  out.add(uri.user);
  if (uri.password.data() != nullptr) {
    out.add(':');
    out.add(uri.password);
  }
  out.add('@');
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
  detail::TextRoom out{room};
  add_scheme(out, parts.scheme);
  add_userinfo(out, parts);
  add_host(out, parts.host);
  out.add_port(parts.port);
  add_parameters(out, parts.parameters);
  add_headers(out, parts.headers);
  return out.text();
}

UriText write_uri(const Uri& uri, std::span<char> room) {
  if (!is_sip(uri)) return std::unexpected(UriError::scheme);
  detail::TextRoom out{room};
  add_scheme(out, uri.scheme);
  add_userinfo(out, uri);
  out.add(uri.host);
  out.add_port(uri.port);
  out.add(uri.parameters);
  if (!uri.headers.empty()) {
    out.add('?');
    out.add(uri.headers);
  }
  const UriText text = out.text();
  if (!text) return text;
  const Parsed<Uri> again = parse_uri(*text);
  if (!again || !has_same_parts(uri, *again)) return std::unexpected(UriError::changed);
  return text;
}

}  // namespace sipring
