// TlsLibrary: what all TLS of one shard shares.
//
// A library context of OpenSSL of its own: with one for all shards, each handshake takes some 650
// locks that the shards fight for; with one each there is nobody to fight with. And one BIO for all
// connections: it reads from the octets at hand and writes to the room at hand, so that an idle
// connection holds neither.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>

struct bio_st;
struct evp_cipher_st;
struct ossl_lib_ctx_st;
struct ssl_st;

namespace sipring {

// What one call of TLS reads and writes: ciphertext that has come, and room for ciphertext that is
// to leave.
struct TlsWire {
  std::string_view in;      // what is left of it has not been looked at
  std::span<char> out;      // all of the room
  std::size_t written = 0;  // octets of it that are to be sent
  // Of OpenSSL's state machine, about three for each message of a handshake. At 0 the call ends.
  std::uint32_t steps_left = std::numeric_limits<std::uint32_t>::max();
  [[nodiscard]] std::size_t room() const { return out.size() - written; }
};

class TlsLibrary {
 public:
  // Throws std::bad_alloc. openssl.cnf is read, as programs that use OpenSSL do.
  TlsLibrary();
  ~TlsLibrary();
  TlsLibrary(const TlsLibrary&) = delete;
  TlsLibrary& operator=(const TlsLibrary&) = delete;

  [[nodiscard]] ossl_lib_ctx_st* context() const { return context_; }
  // One more reference to the BIO; goes with the SSL object that it is given to.
  [[nodiscard]] bio_st* share_bio() const;
  // For the time of one call.
  void use(TlsWire* wire) { wire_ = wire; }
  // AES-256-CBC, of which tickets are made.
  [[nodiscard]] const evp_cipher_st* ticket_cipher() const { return ticket_cipher_; }

 private:
  TlsWire* wire_ = nullptr;
  ossl_lib_ctx_st* context_ = nullptr;
  evp_cipher_st* ticket_cipher_ = nullptr;
  bio_st* bio_ = nullptr;
};

namespace detail {

// OpenSSL's info callback: counts the steps of the call that is under way.
void count_tls_step(const ssl_st* session, int where, int value);

}  // namespace detail

}  // namespace sipring
