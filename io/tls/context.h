// TlsContext: how one listener accepts TLS, or how a shard opens it: certificates, whom to trust,
// what to demand. Sessions are made from it and keep what they need of it, so a context may be
// replaced (new certificates) while they live.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/tls/library.h>
#include <sipring/io/tls/ticket_keys.h>
#include <sipring/io/tls_failure.h>
#include <sipring/io/tls_material.h>
#include <sipring/io/tls_options.h>

#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ssl_ctx_st;

namespace sipring {

// ALPN names by what is carried (RFC 7301, RFC 3261 section 26.2, RFC 6455).
enum class TlsProtocol : std::uint8_t { sip, websocket };

struct TlsServerOptions {
  TlsVerify verify = TlsVerify::none;
  TlsProtocol protocol = TlsProtocol::sip;
  const TicketKeys* ticket_keys = nullptr;  // must outlive all sessions; null: nothing is resumed
};

struct TlsClientOptions {
  bool verify = true;  // false: whoever answers is believed
  TlsProtocol protocol = TlsProtocol::sip;
};

class TlsContext {
 public:
  // One certificate or several: the client's server name (SNI) picks the one that speaks for it,
  // else the first serves.
  [[nodiscard]] static std::expected<TlsContext, TlsFailure> server(
      TlsLibrary& library, std::span<const TlsMaterial> materials, const TlsServerOptions& options);
  // `material` may be without a certificate: none is shown then.
  [[nodiscard]] static std::expected<TlsContext, TlsFailure> client(
      TlsLibrary& library, const TlsMaterial& material, const TlsClientOptions& options);

  TlsContext(TlsContext&&) noexcept;
  TlsContext& operator=(TlsContext&&) noexcept;
  ~TlsContext();

  [[nodiscard]] TlsLibrary& library() const { return *library_; }
  [[nodiscard]] ssl_ctx_st* get() const { return context_; }
  [[nodiscard]] bool verifies_domain() const { return verifies_domain_; }

 private:
  TlsContext(TlsLibrary& library, ssl_ctx_st* context, bool verifies_domain)
      : library_(&library), context_(context), verifies_domain_(verifies_domain) {}

  TlsLibrary* library_;
  ssl_ctx_st* context_;
  bool verifies_domain_;
};

}  // namespace sipring
