// The names in an X.509 certificate, and whether it may be used for SIP.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/connection/detail/sip_domain.h>

#include <string>
#include <vector>

struct x509_st;

namespace sipring {

// Copies of a certificate's names (RFC 5922 section 7.1).
class CertificateText {
 public:
  explicit CertificateText(const x509_st* certificate);
  // Borrowed from this object.
  [[nodiscard]] CertificateNames names() const { return {alternatives_, common_name_}; }

 private:
  std::vector<std::string> values_;
  std::vector<AlternativeName> alternatives_;
  std::string common_name_;
};

// Whether an extended key usage lets it speak for a SIP domain: none at all, any, or
// id-kp-sipDomain (RFC 5924 section 3). OpenSSL itself asks for TLS server or client.
[[nodiscard]] bool may_speak_for_sip(x509_st* certificate);

}  // namespace sipring
