// SPDX-License-Identifier: MIT
#include <sipring/io/tls/ticket_key_chain.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <new>
#include <string_view>

namespace sipring {
namespace {

// HMAC-SHA-256 as the function that makes keys of a secret (RFC 5869 section 2.3, one block).
TicketSecret expand(const TicketSecret& secret, std::string_view what) {
  TicketSecret made{};
  unsigned size = 0;
  const bool done = HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
                         reinterpret_cast<const unsigned char*>(what.data()), what.size(),
                         made.data(), &size) != nullptr;
  if (!done || size != made.size()) throw std::bad_alloc();
  return made;
}

}  // namespace

TicketSecret draw_ticket_secret() {
  TicketSecret secret{};
  if (RAND_priv_bytes(secret.data(), static_cast<int>(secret.size())) != 1) throw std::bad_alloc();
  return secret;
}

TicketKeyChain::TicketKeyChain(const TicketSecret& secret, Instant start)
    : secret_(secret), next_(start + TicketKeys::lifetime) {
  add_key();
}

void TicketKeyChain::advance(Instant now) {
  while (next_ <= now) {
    TicketSecret next = expand(secret_, "next");
    OPENSSL_cleanse(secret_.data(), secret_.size());
    secret_ = next;
    OPENSSL_cleanse(next.data(), next.size());
    add_key();
    next_ += TicketKeys::lifetime;
  }
}

void TicketKeyChain::add_key() {
  TicketKey key;
  key.cipher = expand(secret_, "cipher");
  key.mac = expand(secret_, "mac");
  const TicketSecret name = expand(secret_, "name");
  std::copy_n(name.begin(), key.name.size(), key.name.begin());
  keys_.add(key);
}

}  // namespace sipring
