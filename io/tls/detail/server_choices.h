// What a server decides in the middle of a handshake: which certificate by SNI, which protocol by
// ALPN, whose tickets. It belongs to the SSL_CTX, so it lives as long as the last session of it.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/tls/certificate.h>
#include <sipring/io/tls/context.h>
#include <sipring/io/tls/detail/pem.h>

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace sipring::detail {

// A certificate to choose, with its names. The context is not owned here.
struct NamedContext {
  explicit NamedContext(SSL_CTX* its_context)
      : context(its_context), text(SSL_CTX_get0_certificate(its_context)) {}
  SSL_CTX* context;
  CertificateText text;
};

struct ServerChoices {
  TlsLibrary* library = nullptr;
  TlsProtocol protocol = TlsProtocol::sip;
  const TicketKeys* ticket_keys = nullptr;
  std::vector<NamedContext> by_name;
  std::vector<OwnedContext> others;  // all but the one that this belongs to

  // nullptr: none speaks for it.
  [[nodiscard]] SSL_CTX* find(std::string_view server_name) const;
};

// Gives `choices` to the context for as long as that lives, and has it ask them.
[[nodiscard]] bool attach(SSL_CTX* context, std::unique_ptr<ServerChoices> choices);

// A client's: the newest ticket of each connection is kept with its SSL object, and nowhere else.
void keep_tickets(SSL_CTX* context);
// The caller owns it; null when none has come.
[[nodiscard]] SSL_SESSION* take_ticket(SSL* session);

// In the wire format of ALPN.
[[nodiscard]] std::span<const unsigned char> protocols(TlsProtocol protocol);

}  // namespace sipring::detail
