// A pair for trying out: nobody vouches for it but itself.
// SPDX-License-Identifier: MIT
#include <sipring/core/network_address.h>
#include <sipring/io/tls/detail/pem.h>
#include <sipring/io/tls_material.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace sipring {
namespace {

constexpr long hour = 3'600;
constexpr long day = 24 * hour;

// "URI:sip:example.com,DNS:example.com"; "URI:sip:192.0.2.1,IP:192.0.2.1". The URI is what SIP
// looks at (RFC 5922 section 7.1), the other is for browsers.
std::string alternative_names(std::span<const std::string> names) {
  std::string text;
  const auto add = [&](std::string_view type, std::string_view value) {
    text.append(text.empty() ? "" : ",").append(type).append(value);
  };
  for (const std::string& name : names) {
    const auto address = parse_ip_address(name);
    const std::string plain = address ? std::string(to_text(*address).view()) : name;
    const bool is_v6 = address && address->family == IpAddress::Family::v6;
    add("URI:sip:", is_v6 ? "[" + plain + "]" : plain);
    add(address ? "IP:" : "DNS:", plain);
  }
  return text;
}

bool add_extension(X509* certificate, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool set_name(X509* certificate, const std::string& name) {
  X509_NAME* const subject = X509_get_subject_name(certificate);
  const auto* octets = reinterpret_cast<const unsigned char*>(name.data());
  return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, octets,
                                    static_cast<int>(name.size()), -1, 0) == 1 &&
         X509_set_issuer_name(certificate, subject) == 1;
}

// Two pairs of one name must not be taken for one another.
bool set_serial(X509* certificate) {
  std::uint64_t number = 0;
  return RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number) == 1 &&
         ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), number >> 1) == 1;
}

bool fill(X509* certificate, EVP_PKEY* key, std::span<const std::string> names, long seconds) {
  return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), -hour) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), seconds) != nullptr &&
         X509_set_pubkey(certificate, key) == 1 && set_name(certificate, names.front()) &&
         add_extension(certificate, NID_subject_alt_name, alternative_names(names)) &&
         add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
         X509_sign(certificate, key, EVP_sha256()) != 0;
}

std::string text_of(const detail::OwnedBio& memory) {
  char* octets = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &octets);
  return {octets, static_cast<std::size_t>(size)};
}

}  // namespace

std::expected<TlsMaterial, TlsFailure> make_self_signed(std::span<const std::string> names,
                                                        std::uint32_t days) {
  const detail::OwnedKey key(EVP_EC_gen("P-256"));
  const detail::OwnedCertificate certificate(X509_new());
  const detail::OwnedBio key_text(BIO_new(BIO_s_mem()));
  const detail::OwnedBio certificate_text(BIO_new(BIO_s_mem()));
  if (names.empty() || !key || !certificate || !key_text || !certificate_text ||
      !fill(certificate.get(), key.get(), names, static_cast<long>(days) * day) ||
      PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) != 1) {
    return std::unexpected(take_tls_failure());
  }
  return TlsMaterial{text_of(certificate_text), text_of(key_text), {}};
}

}  // namespace sipring
