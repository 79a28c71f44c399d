// An authority for tests: signs certificates with whatever names, dates and usages a test wants.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/tls/detail/pem.h>
#include <sipring/io/tls_material.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>
#include <string>

namespace sipring::test {

struct CertificateWish {
  std::string common_name = "test";
  std::string alternatives{};  // as openssl.cnf has them: "DNS:a.example,URI:sip:b.example"
  std::string usage{};         // extendedKeyUsage: "serverAuth"; empty: none
  long from = -3'600;          // seconds from now
  long until = 86'400;
  bool is_authority = false;
};

// A certificate with its key; `issuer` null: signed by itself.
struct Identity {
  detail::OwnedKey key;
  detail::OwnedCertificate certificate;

  explicit Identity(const CertificateWish& wish, const Identity* issuer = nullptr)
      : key(EVP_EC_gen("P-256")), certificate(X509_new()) {
    static long serial = 1;
    X509* const x = certificate.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(x), wish.from);
    X509_gmtime_adj(X509_getm_notAfter(x), wish.until);
    X509_set_pubkey(x, key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1,
                               -1, 0);
    const Identity& signer = issuer != nullptr ? *issuer : *this;
    X509_set_issuer_name(x, X509_get_subject_name(signer.certificate.get()));
    if (wish.is_authority) add(NID_basic_constraints, "critical,CA:TRUE");
    if (!wish.alternatives.empty()) add(NID_subject_alt_name, wish.alternatives);
    if (!wish.usage.empty()) add(NID_ext_key_usage, wish.usage);
    if (X509_sign(x, signer.key.get(), EVP_sha256()) == 0) throw std::runtime_error("X509_sign");
  }

  [[nodiscard]] std::string certificate_text() const {
    const detail::OwnedBio memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), certificate.get());
    return text_of(memory);
  }
  [[nodiscard]] std::string key_text(const char* pass_phrase = nullptr) const {
    const detail::OwnedBio memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_PKCS8PrivateKey(
        memory.get(), key.get(), pass_phrase != nullptr ? EVP_aes_256_cbc() : nullptr, pass_phrase,
        pass_phrase != nullptr ? static_cast<int>(std::string(pass_phrase).size()) : 0, nullptr,
        nullptr);
    return text_of(memory);
  }

 private:
  void add(int id, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate.get(), certificate.get(), nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
    if (extension == nullptr) throw std::runtime_error("extension " + value);
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  static std::string text_of(const detail::OwnedBio& memory) {
    char* octets = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &octets);
    return {octets, static_cast<std::size_t>(size)};
  }
};

// One authority and what it signs.
class Authority {
 public:
  [[nodiscard]] TlsMaterial material(const CertificateWish& wish) const {
    const Identity identity(wish, &root_);
    return {.certificate = identity.certificate_text(),
            .key = identity.key_text(),
            .authorities = root_.certificate_text()};
  }
  // Trusts the authority and shows nothing.
  [[nodiscard]] TlsMaterial trust() const { return {.authorities = root_.certificate_text()}; }

 private:
  Identity root_{{.common_name = "test authority", .is_authority = true}};
};

}  // namespace sipring::test
