// SPDX-License-Identifier: MIT
#include <sipring/io/tls_failure.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace sipring {
namespace {

TlsFailureCode code_of_certificate(long verify_result) {
  switch (verify_result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CRL_HAS_EXPIRED: return TlsFailureCode::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CRL_NOT_YET_VALID: return TlsFailureCode::not_yet_valid;
    case X509_V_ERR_CERT_REVOKED: return TlsFailureCode::revoked;
    case X509_V_ERR_INVALID_PURPOSE: return TlsFailureCode::wrong_purpose;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:  // of another authority with the same name
    case X509_V_ERR_CERT_UNTRUSTED: return TlsFailureCode::unknown_authority;
    default: return TlsFailureCode::bad_certificate;
  }
}

bool is_alert(int reason) {
  return reason >= SSL_AD_REASON_OFFSET;
}

TlsFailureCode code_of_reason(int reason) {
  switch (reason) {
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_WRONG_VERSION_NUMBER: return TlsFailureCode::not_tls;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_UNKNOWN_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW: return TlsFailureCode::version_too_old;
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_NO_SUITABLE_KEY_SHARE: return TlsFailureCode::no_common_cipher;
    case SSL_R_NO_APPLICATION_PROTOCOL: return TlsFailureCode::no_common_protocol;
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return TlsFailureCode::no_certificate;
    case SSL_R_UNEXPECTED_EOF_WHILE_READING: return TlsFailureCode::cut_off;
    case SSL_R_NO_RENEGOTIATION: return TlsFailureCode::renegotiation;
    case ERR_R_MALLOC_FAILURE:
    case ERR_R_INTERNAL_ERROR: return TlsFailureCode::internal;
    default: return is_alert(reason) ? TlsFailureCode::refused_by_peer : TlsFailureCode::malformed;
  }
}

std::string text_of(unsigned long error) {
  if (error == 0) return "the connection ended";
  const char* const reason = ERR_reason_error_string(error);
  return reason != nullptr ? reason : "OpenSSL error " + std::to_string(ERR_GET_REASON(error));
}

// TLS's own first error is the cause: those of other parts of OpenSSL before it are details, those
// after it follow from it. 0: there is none at all. Empties the queue.
unsigned long take_cause() {
  unsigned long cause = 0;
  while (const unsigned long error = ERR_get_error()) {
    const bool is_better = ERR_GET_LIB(cause) != ERR_LIB_SSL && ERR_GET_LIB(error) == ERR_LIB_SSL;
    if (cause == 0 || is_better) cause = error;
  }
  return cause;
}

}  // namespace

TlsFailure take_tls_failure(long verify_result) {
  const unsigned long error = take_cause();
  const int reason = error == 0 ? SSL_R_UNEXPECTED_EOF_WHILE_READING : ERR_GET_REASON(error);
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED && verify_result != 0) {
    return {code_of_certificate(verify_result), X509_verify_cert_error_string(verify_result)};
  }
  return {code_of_reason(reason), text_of(error)};
}

std::string_view to_string(TlsFailureCode code) {
  switch (code) {
    case TlsFailureCode::unreadable_file: return "unreadable_file";
    case TlsFailureCode::no_certificate_in_file: return "no_certificate_in_file";
    case TlsFailureCode::no_key_in_file: return "no_key_in_file";
    case TlsFailureCode::key_mismatch: return "key_mismatch";
    case TlsFailureCode::bad_authorities: return "bad_authorities";
    case TlsFailureCode::not_tls: return "not_tls";
    case TlsFailureCode::version_too_old: return "version_too_old";
    case TlsFailureCode::no_common_cipher: return "no_common_cipher";
    case TlsFailureCode::no_common_protocol: return "no_common_protocol";
    case TlsFailureCode::no_certificate: return "no_certificate";
    case TlsFailureCode::unknown_authority: return "unknown_authority";
    case TlsFailureCode::expired: return "expired";
    case TlsFailureCode::not_yet_valid: return "not_yet_valid";
    case TlsFailureCode::revoked: return "revoked";
    case TlsFailureCode::wrong_purpose: return "wrong_purpose";
    case TlsFailureCode::wrong_domain: return "wrong_domain";
    case TlsFailureCode::bad_certificate: return "bad_certificate";
    case TlsFailureCode::refused_by_peer: return "refused_by_peer";
    case TlsFailureCode::cut_off: return "cut_off";
    case TlsFailureCode::malformed: return "malformed";
    case TlsFailureCode::renegotiation: return "renegotiation";
    case TlsFailureCode::key_updates: return "key_updates";
    case TlsFailureCode::internal: return "internal";
  }
  return "unknown";
}

std::string_view advice(TlsFailureCode code) {
  switch (code) {
    case TlsFailureCode::unreadable_file: return "check the path and who may read the file";
    case TlsFailureCode::no_certificate_in_file: return "the file must hold a certificate as PEM";
    case TlsFailureCode::no_key_in_file:
      return "the file must hold a private key as PEM, without a pass phrase";
    case TlsFailureCode::key_mismatch: return "certificate and key must be a pair";
    case TlsFailureCode::bad_authorities:
      return "the file must hold certificates of authorities as PEM";
    case TlsFailureCode::not_tls:
      return "the peer speaks plain text to a TLS port; give it the port for tcp or ws, or make it "
             "use TLS";
    case TlsFailureCode::version_too_old: return "the peer must be able to speak TLS 1.2 or 1.3";
    case TlsFailureCode::no_common_cipher:
      return "compare the cipher suites of both sides, and the kind of our key with what the peer "
             "takes";
    case TlsFailureCode::no_common_protocol:
      return "the peer asks by ALPN for something else than SIP; is it the right port?";
    case TlsFailureCode::no_certificate:
      return "give the peer a certificate, or do not ask for one (verify=none)";
    case TlsFailureCode::unknown_authority:
      return "name the authority that signed the peer's certificate (ca=FILE), or have the peer "
             "send its whole chain";
    case TlsFailureCode::expired: return "renew the certificate, or set the clock";
    case TlsFailureCode::not_yet_valid: return "set the clock of either side";
    case TlsFailureCode::revoked: return "the peer needs a new certificate";
    case TlsFailureCode::wrong_purpose:
      return "the peer's certificate was made for another use: it needs id-kp-serverAuth, "
             "id-kp-clientAuth or id-kp-sipDomain";
    case TlsFailureCode::wrong_domain:
      return "its subjectAltName must have a URI sip:DOMAIN or the DNS name itself; wildcards do "
             "not count (RFC 5922 section 7.2)";
    case TlsFailureCode::bad_certificate:
      return "look at the peer's certificate: openssl x509 -text";
    case TlsFailureCode::refused_by_peer: return "the peer's log says what it did not like";
    case TlsFailureCode::cut_off: return "the peer, or something between, closed the connection";
    case TlsFailureCode::malformed: return "something that is not TLS answers there";
    case TlsFailureCode::renegotiation: return "the peer must open a new connection instead";
    case TlsFailureCode::key_updates: return "an attack, or a broken peer";
    case TlsFailureCode::internal: return "is there enough memory?";
  }
  return "";
}

}  // namespace sipring
