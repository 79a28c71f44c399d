// SPDX-License-Identifier: MIT
#include <sipring/io/tls/library.h>

#include <sipring/io/tls/detail/pem.h>

#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace sipring {
namespace {

TlsWire* wire_of(BIO* bio) {
  return *static_cast<TlsWire**>(BIO_get_data(bio));
}

int read(BIO* bio, char* to, std::size_t size, std::size_t* taken) {
  BIO_clear_retry_flags(bio);
  TlsWire* const wire = wire_of(bio);
  if (wire == nullptr || wire->in.empty()) {
    BIO_set_retry_read(bio);
    return 0;
  }
  *taken = std::min(size, wire->in.size());
  std::memcpy(to, wire->in.data(), *taken);
  wire->in.remove_prefix(*taken);
  return 1;
}

int write(BIO* bio, const char* from, std::size_t size, std::size_t* taken) {
  BIO_clear_retry_flags(bio);
  TlsWire* const wire = wire_of(bio);
  if (wire == nullptr || wire->room() == 0) {
    BIO_set_retry_write(bio);
    return 0;
  }
  *taken = std::min(size, wire->room());
  std::memcpy(wire->out.data() + wire->written, from, *taken);
  wire->written += *taken;
  return 1;
}

long control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH || command == BIO_CTRL_DUP ? 1 : 0;
}

int create(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

// The same for all shards; made once and never freed, as OpenSSL's own methods are.
const BIO_METHOD* wire_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sipring wire");
    if (made == nullptr) throw std::bad_alloc();
    BIO_meth_set_read_ex(made, read);
    BIO_meth_set_write_ex(made, write);
    BIO_meth_set_ctrl(made, control);
    BIO_meth_set_create(made, create);
    return made;
  }();
  return method;
}

// Library contexts come and go one at a time: OpenSSL 3.0 keeps a list of what configurations have
// loaded, and more, for the whole process and without a lock, which shards that start or stop
// together would spoil. So would the default context, which is set up at its first use: it is
// first.
class LibraryLock {
 public:
  LibraryLock() {
    if (CRYPTO_THREAD_write_lock(lock()) != 1) throw std::bad_alloc();
  }
  ~LibraryLock() { (void)CRYPTO_THREAD_unlock(lock()); }
  LibraryLock(const LibraryLock&) = delete;
  LibraryLock& operator=(const LibraryLock&) = delete;

 private:
  static CRYPTO_RWLOCK* lock() {
    static CRYPTO_RWLOCK* const made = [] {
      (void)OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr);
      return CRYPTO_THREAD_lock_new();
    }();
    return made;
  }
};

// A new library context has read no openssl.cnf, so a provider that is configured there (FIPS, an
// HSM) would be left out without a word. A file that is not there is no mistake.
void load_configuration(OSSL_LIB_CTX* context) {
  char* const file = CONF_get1_default_config_file();
  if (file != nullptr) (void)OSSL_LIB_CTX_load_config(context, file);
  OPENSSL_free(file);
  ERR_clear_error();
}

}  // namespace

namespace detail {

OSSL_LIB_CTX* make_library_context() {
  const LibraryLock lock;
  return OSSL_LIB_CTX_new();
}

// SSL_read() goes on from message to message as long as there are octets: only what it takes for
// the peer's last word ends it.
void count_tls_step(const ssl_st* session, int where, int /*value*/) {
  if ((where & SSL_CB_LOOP) == 0) return;
  BIO* const bio = SSL_get_rbio(session);
  TlsWire* const wire = bio == nullptr ? nullptr : wire_of(bio);
  if (wire == nullptr || wire->steps_left == 0) return;
  --wire->steps_left;
  if (wire->steps_left != 0) return;
  SSL_set_shutdown(const_cast<SSL*>(session), SSL_RECEIVED_SHUTDOWN);
}

void free_library_context(OSSL_LIB_CTX* context) {
  const LibraryLock lock;
  OSSL_LIB_CTX_free(context);
}

}  // namespace detail

TlsLibrary::TlsLibrary() {
  const LibraryLock lock;
  context_ = OSSL_LIB_CTX_new();
  if (context_ == nullptr) throw std::bad_alloc();
  load_configuration(context_);
  ticket_cipher_ = EVP_CIPHER_fetch(context_, "AES-256-CBC", nullptr);
  bio_ = BIO_new_ex(context_, wire_method());
  if (bio_ == nullptr) throw std::bad_alloc();
  BIO_set_data(bio_, static_cast<void*>(&wire_));
}

TlsLibrary::~TlsLibrary() {
  BIO_free(bio_);
  EVP_CIPHER_free(ticket_cipher_);
  detail::free_library_context(context_);
}

bio_st* TlsLibrary::share_bio() const {
  BIO_up_ref(bio_);
  return bio_;
}

}  // namespace sipring
