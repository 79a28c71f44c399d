// SPDX-License-Identifier: MIT
#include <sipring/io/tls/detail/pem.h>

#include <openssl/err.h>
#include <openssl/pem.h>

namespace sipring::detail {
namespace {

// Nobody is there to be asked for a pass phrase, and a terminal must not be.
int no_pass_phrase(char*, int, int, void*) {
  return -1;
}

OwnedBio reader_of(std::string_view text) {
  return OwnedBio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

bool is_end_of_file(unsigned long error) {
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

}  // namespace

std::vector<OwnedCertificate> read_certificates(OSSL_LIB_CTX* library, std::string_view pem) {
  std::vector<OwnedCertificate> certificates;
  const OwnedBio reader = reader_of(pem);
  ERR_clear_error();
  for (;;) {
    X509* certificate = X509_new_ex(library, nullptr);
    if (PEM_read_bio_X509(reader.get(), &certificate, no_pass_phrase, nullptr) == nullptr) {
      X509_free(certificate);
      break;
    }
    certificates.emplace_back(certificate);
  }
  if (!is_end_of_file(ERR_peek_last_error())) certificates.clear();
  ERR_clear_error();
  return certificates;
}

OwnedKey read_key(OSSL_LIB_CTX* library, std::string_view pem) {
  const OwnedBio reader = reader_of(pem);
  OwnedKey key(
      PEM_read_bio_PrivateKey_ex(reader.get(), nullptr, no_pass_phrase, nullptr, library, nullptr));
  ERR_clear_error();
  return key;
}

}  // namespace sipring::detail
