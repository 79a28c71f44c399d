// SPDX-License-Identifier: MIT
#include <sipring/io/tls/certificate.h>

#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string_view>

namespace sipring {
namespace {

constexpr const char* id_kp_sip_domain = "1.3.6.1.5.5.7.3.20";
constexpr const char* any_extended_key_usage = "2.5.29.37.0";

std::string text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string common_name_of(const X509* certificate) {
  const X509_NAME* const subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

bool has_usage(const EXTENDED_KEY_USAGE* usages, const char* wanted) {
  for (int i = 0; i < sk_ASN1_OBJECT_num(usages); ++i) {
    char text[64];
    const int size = OBJ_obj2txt(text, sizeof text, sk_ASN1_OBJECT_value(usages, i), 1);
    if (size > 0 && std::string_view(text) == wanted) return true;
  }
  return false;
}

}  // namespace

CertificateText::CertificateText(const x509_st* certificate) {
  common_name_ = common_name_of(certificate);
  auto* const names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  const int count = names == nullptr ? 0 : sk_GENERAL_NAME_num(names);
  values_.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names, i);
    using Type = AlternativeName::Type;
    Type type = Type::other;
    std::string value;
    if (name->type == GEN_URI) {
      type = Type::uri;
      value = text_of(name->d.uniformResourceIdentifier);
    } else if (name->type == GEN_DNS) {
      type = Type::dns;
      value = text_of(name->d.dNSName);
    }
    values_.push_back(std::move(value));
    alternatives_.push_back({type, values_.back()});
  }
  GENERAL_NAMES_free(names);
}

bool may_speak_for_sip(x509_st* certificate) {
  auto* const usages = static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr));
  if (usages == nullptr) return true;
  const bool may = has_usage(usages, id_kp_sip_domain) || has_usage(usages, any_extended_key_usage);
  EXTENDED_KEY_USAGE_free(usages);
  return may;
}

}  // namespace sipring
