// TlsMaterial: certificate, key and authorities as PEM text, read off the disk once and given to
// every shard, which makes objects of its own of them.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/tls_failure.h>

#include <cstdint>
#include <expected>
#include <span>
#include <string>

namespace sipring {

// Paths; empty: none. The certificate's file holds its chain too, ours first. The key may be in the
// same file.
struct TlsFiles {
  std::string certificate{};
  std::string key{};          // empty: in the certificate's file
  std::string authorities{};  // who may sign the peer's certificate; empty: the system's
  friend bool operator==(const TlsFiles&, const TlsFiles&) = default;
};

struct TlsMaterial {
  std::string certificate{};
  std::string key{};
  std::string authorities{};  // empty: the system's
};

// Reads the files and sees whether certificate and key are there and are a pair.
[[nodiscard]] std::expected<TlsMaterial, TlsFailure> load_material(const TlsFiles& files);
// The same of a client, which need not name a certificate: it shows none then.
[[nodiscard]] std::expected<TlsMaterial, TlsFailure> load_client_material(const TlsFiles& files);
// Whether it can be used; what load_material() asks.
[[nodiscard]] std::expected<void, TlsFailure> check_material(const TlsMaterial& material);

// A key (P-256) and a certificate that it signed itself, for trying out: for these domain names
// and IP addresses, valid for `days` from an hour ago.
[[nodiscard]] std::expected<TlsMaterial, TlsFailure> make_self_signed(
    std::span<const std::string> names, std::uint32_t days = 30);

}  // namespace sipring
