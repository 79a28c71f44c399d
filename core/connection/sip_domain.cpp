// SPDX-License-Identifier: MIT
#include <sipring/core/connection/detail/sip_domain.h>

#include <sipring/core/message/detail/octets.h>

namespace sipring {

std::optional<std::string_view> domain_of_uri(std::string_view uri) {
  constexpr std::string_view scheme = "sip:";
  if (uri.size() <= scheme.size()) return std::nullopt;
  if (!detail::equals_ignoring_case(uri.substr(0, scheme.size()), scheme)) return std::nullopt;
  uri.remove_prefix(scheme.size());
  if (uri.contains('@')) return std::nullopt;
  uri = uri.substr(0, uri.find_first_of(";?"));
  // A port or the brackets of an IPv6 address are no part of a DNS name.
  if (uri.starts_with('[')) {
    const std::size_t end = uri.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    return uri.substr(1, end - 1);
  }
  uri = uri.substr(0, uri.find(':'));
  if (uri.empty()) return std::nullopt;
  return uri;
}

bool is_same_domain(std::string_view one, std::string_view other) {
  // The dot of the root may be written or not; it is the same name.
  if (one.ends_with('.')) one.remove_suffix(1);
  if (other.ends_with('.')) other.remove_suffix(1);
  return !one.empty() && detail::equals_ignoring_case(one, other);
}

bool speaks_for(const CertificateNames& certificate, std::string_view domain) {
  bool found = false;
  each_sip_domain(certificate,
                  [&](std::string_view name) { found |= is_same_domain(name, domain); });
  return found;
}

}  // namespace sipring
