// Objects of OpenSSL out of PEM text, each in the library context of whoever will use it.
// SPDX-License-Identifier: MIT
#pragma once

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string_view>
#include <vector>

namespace sipring::detail {

template <auto free>
struct FreeBy {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
using OwnedBio = std::unique_ptr<BIO, FreeBy<BIO_free>>;
using OwnedCertificate = std::unique_ptr<X509, FreeBy<X509_free>>;
using OwnedKey = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
// One at a time in a process (io/tls/library.cpp says why).
[[nodiscard]] OSSL_LIB_CTX* make_library_context();
void free_library_context(OSSL_LIB_CTX* context);
using OwnedLibrary = std::unique_ptr<OSSL_LIB_CTX, FreeBy<free_library_context>>;
using OwnedContext = std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>>;

// All of them, in order; none when one of them cannot be read.
[[nodiscard]] std::vector<OwnedCertificate> read_certificates(OSSL_LIB_CTX* library,
                                                              std::string_view pem);
// Null when there is none, or one with a pass phrase.
[[nodiscard]] OwnedKey read_key(OSSL_LIB_CTX* library, std::string_view pem);

}  // namespace sipring::detail
