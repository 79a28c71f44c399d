// Why TLS did not come about or was refused, in words that a person can act on.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sipring {

enum class TlsFailureCode : std::uint8_t {
  // Of our own files, told when they are loaded.
  unreadable_file,
  no_certificate_in_file,
  no_key_in_file,
  key_mismatch,
  bad_authorities,
  // Of a peer, while hands are shaken.
  not_tls,          // it speaks plain SIP or HTTP to a TLS port
  version_too_old,  // it offers nothing from TLS 1.2 on
  no_common_cipher,
  no_common_protocol,  // its ALPN names lack ours (RFC 7301)
  no_certificate,      // it was to show one and did not
  unknown_authority,   // its chain ends nowhere that we trust
  expired,
  not_yet_valid,
  revoked,
  wrong_purpose,    // an extended key usage that is not ours
  wrong_domain,     // RFC 5922: not one of its SIP domains is the one that was wanted
  bad_certificate,  // any other fault of its certificate
  refused_by_peer,  // it sent an alert
  cut_off,          // the connection ended before hands were shaken, or without close_notify
  malformed,        // records that are none
  renegotiation,    // asked for, and never done here
  key_updates,      // new keys again and again, which cost time (RFC 8446 section 4.6.3)
  internal,         // no memory, or OpenSSL's own trouble
};
inline constexpr std::uint8_t tls_failure_codes = 23;
[[nodiscard]] std::string_view to_string(TlsFailureCode code);
// What whoever runs this can do about it; one sentence.
[[nodiscard]] std::string_view advice(TlsFailureCode code);

struct TlsFailure {
  TlsFailureCode code = TlsFailureCode::internal;
  std::string text{};  // what OpenSSL says, or which file; one line
};

// What OpenSSL's error queue of this thread holds; `verify_result` is an X509_V_ERR of the peer's
// certificate, 0: none. The queue is empty afterwards.
[[nodiscard]] TlsFailure take_tls_failure(long verify_result = 0);

}  // namespace sipring
