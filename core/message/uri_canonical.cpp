// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/unescaped.h>
#include <sipring/core/message/detail/uri_text.h>
#include <sipring/core/message/tel_uri.h>
#include <sipring/core/message/uri_equality.h>
#include <sipring/core/network_address.h>

namespace sipring {
namespace {

void add_lower(TextWriter& out, std::string_view text) {
  for (const char octet : text) out << detail::lower(octet);
}

void add_userinfo(TextWriter& out, UriPart part, std::string_view text) {
  for (detail::UnescapedOctets octets{text}; !octets.at_end();)
    detail::add_escaped(out, part, octets.next().octet);
}

void add_canonical_host(TextWriter& out, std::string_view host) {
  const std::optional<IpAddress> address = parse_ip_address(host);
  if (!address || address->family == IpAddress::Family::v4) return add_lower(out, host);
  out << '[';
  out << to_text(*address).view();
  out << ']';
}

void add_sip(TextWriter& out, const Uri& uri) {
  out << (uri.scheme == Uri::Scheme::sip ? "sip:" : "sips:");
  if (uri.user.data() != nullptr) {
    add_userinfo(out, UriPart::user, uri.user);
    if (uri.password.data() != nullptr) {
      out << ':';
      add_userinfo(out, UriPart::password, uri.password);
    }
    out << '@';
  }
  add_canonical_host(out, uri.host);
  detail::add_port(out, uri.port);
}

// Escapes of octets that are not reserved are undone where the octet can stand, letters are lower.
void add_text_of_tel(TextWriter& out, std::string_view text) {
  for (detail::UnescapedOctets octets{text}; !octets.at_end();) {
    const detail::UnescapedOctet next = octets.next().folded();
    if (next.kept)
      detail::add_escape(out, next.octet);
    else if (detail::is_reserved(next.octet))
      out << next.octet;
    else
      detail::add_escaped(out, UriPart::parameter, next.octet);
  }
}

void add_digits(TextWriter& out, std::string_view number) {
  for (detail::UnescapedOctets octets{number}; !octets.at_end();) {
    const char octet = octets.next().octet;
    if (!is_visual_separator(octet)) out << detail::lower(octet);
  }
}

void add_context(TextWriter& out, std::string_view context) {
  out << ";phone-context=";
  if (context.starts_with('+')) return add_digits(out, context);
  add_lower(out, context);
}

void add_tel(TextWriter& out, const TelUri& tel) {
  out << "tel:";
  add_digits(out, tel.number);
  if (!tel.extension.empty()) {
    out << ";ext=";
    add_digits(out, tel.extension);
  }
  if (!tel.subaddress.empty()) {
    out << ";isub=";
    add_text_of_tel(out, tel.subaddress);
  }
  if (!tel.context.empty()) add_context(out, tel.context);
}

void add_as_it_is(TextWriter& out, const Uri& uri) {
  const std::string_view scheme = scheme_name(uri);
  add_lower(out, scheme);
  out << uri.text.substr(scheme.size());
}

}  // namespace

UriText write_canonical(const Uri& uri, std::span<char> room) {
  TextWriter out{room};
  if (is_sip(uri)) {
    add_sip(out, uri);
    return detail::text_of(out);
  }
  const Parsed<TelUri> tel = parse_tel_uri(uri.text);
  if (uri.scheme == Uri::Scheme::tel && tel)
    add_tel(out, *tel);
  else
    add_as_it_is(out, uri);
  return detail::text_of(out);
}

}  // namespace sipring
