// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/text_room.h>
#include <sipring/core/message/detail/unescaped.h>
#include <sipring/core/message/tel_uri.h>
#include <sipring/core/message/uri_canonical.h>
#include <sipring/core/network_address.h>

namespace sipring {
namespace {

void add_lower(detail::TextRoom& out, std::string_view text) {
  for (const char octet : text) out.add(detail::lower(octet));
}

void add_userinfo(detail::TextRoom& out, UriPart part, std::string_view text) {
  for (detail::UnescapedOctets octets{text}; !octets.at_end();)
    out.add_escaped(part, octets.next().octet);
}

void add_canonical_host(detail::TextRoom& out, std::string_view host) {
  const std::optional<IpAddress> address = parse_ip_address(host);
  if (!address || address->family == IpAddress::Family::v4) return add_lower(out, host);
  out.add('[');
  out.add(to_text(*address).view());
  out.add(']');
}

void add_sip(detail::TextRoom& out, const Uri& uri) {
  out.add(uri.scheme == Uri::Scheme::sip ? "sip:" : "sips:");
  if (uri.user.data() != nullptr) {
    add_userinfo(out, UriPart::user, uri.user);
    if (uri.password.data() != nullptr) {
      out.add(':');
      add_userinfo(out, UriPart::password, uri.password);
    }
    out.add('@');
  }
  add_canonical_host(out, uri.host);
  out.add_port(uri.port);
}

// Escapes of octets that are not reserved are undone where the octet can stand, letters are lower.
void add_text_of_tel(detail::TextRoom& out, std::string_view text) {
  for (detail::UnescapedOctets octets{text}; !octets.at_end();) {
    const detail::UnescapedOctet next = octets.next().folded();
    if (next.kept)
      out.add_escape(next.octet);
    else if (detail::is_reserved(next.octet))
      out.add(next.octet);
    else
      out.add_escaped(UriPart::parameter, next.octet);
  }
}

void add_digits(detail::TextRoom& out, std::string_view number) {
  for (detail::UnescapedOctets octets{number}; !octets.at_end();) {
    const char octet = octets.next().octet;
    if (!is_visual_separator(octet)) out.add(detail::lower(octet));
  }
}

void add_context(detail::TextRoom& out, std::string_view context) {
  out.add(";phone-context=");
  if (context.starts_with('+')) return add_digits(out, context);
  add_lower(out, context);
}

void add_tel(detail::TextRoom& out, const TelUri& tel) {
  out.add("tel:");
  add_digits(out, tel.number);
  if (!tel.extension.empty()) {
    out.add(";ext=");
    add_digits(out, tel.extension);
  }
  if (!tel.subaddress.empty()) {
    out.add(";isub=");
    add_text_of_tel(out, tel.subaddress);
  }
  if (!tel.context.empty()) add_context(out, tel.context);
}

void add_as_it_is(detail::TextRoom& out, const Uri& uri) {
  const std::string_view scheme = scheme_name(uri);
  add_lower(out, scheme);
  out.add(uri.text.substr(scheme.size()));
}

}  // namespace

UriText write_canonical(const Uri& uri, std::span<char> room) {
  detail::TextRoom out{room};
  if (is_sip(uri)) {
    add_sip(out, uri);
    return out.text();
  }
  const Parsed<TelUri> tel = parse_tel_uri(uri.text);
  if (uri.scheme == Uri::Scheme::tel && tel)
    add_tel(out, *tel);
  else
    add_as_it_is(out, uri);
  return out.text();
}

}  // namespace sipring
