// The SIP domains that a certificate speaks for, and whether one of them is the domain that was
// wanted: RFC 5922 sections 7.1 and 7.2. Validity of the certificate itself is the TLS library's
// business.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

// A value of a certificate's subjectAltName.
struct AlternativeName {
  enum class Type : std::uint8_t { uri, dns, other };
  Type type = Type::other;
  std::string_view value;
  friend bool operator==(const AlternativeName&, const AlternativeName&) = default;
};

// What of a certificate names its owner. Borrowed from the certificate.
struct CertificateNames {
  std::span<const AlternativeName> alternatives;
  std::string_view common_name;
};

// The host of a "sip" URI that names a domain: it has no user part. nullopt: it names none.
[[nodiscard]] std::optional<std::string_view> domain_of_uri(std::string_view uri);

// Whole names, whatever the case; "*" is an ordinary character (section 7.2).
[[nodiscard]] bool is_same_domain(std::string_view one, std::string_view other);

// Whether the certificate is one of the domain's. DNS names count only where no "sip" URI is,
// the common name only where there is no subjectAltName at all (section 7.1).
[[nodiscard]] bool speaks_for(const CertificateNames& certificate, std::string_view domain);

// Calls `see` with each SIP domain of the certificate.
template <class See>
void each_sip_domain(const CertificateNames& certificate, See&& see) {
  using Type = AlternativeName::Type;
  bool has_uri = false;
  for (const AlternativeName& name : certificate.alternatives) {
    if (name.type != Type::uri) continue;
    const std::optional<std::string_view> domain = domain_of_uri(name.value);
    if (!domain) continue;
    has_uri = true;
    see(*domain);
  }
  if (has_uri) return;
  for (const AlternativeName& name : certificate.alternatives) {
    if (name.type == Type::dns) see(name.value);
  }
  if (certificate.alternatives.empty() && !certificate.common_name.empty()) {
    see(certificate.common_name);
  }
}

}  // namespace sipring
