// Whom a command believes of the servers that it connects to by TLS, and what it shows them.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/tls_material.h>
#include <sipring/io/tls_options.h>

#include <expected>
#include <string>

namespace sipring::app {

class CommandLine;

struct ClientTlsFlags {
  TlsFiles files;
  bool no_verify = false;
};

// `flags` must outlive the parsing.
void add_flags(CommandLine& command, ClientTlsFlags& flags);
// The files are read. The error is a sentence.
[[nodiscard]] std::expected<ClientTls, std::string> client_tls_of(const ClientTlsFlags& flags);

}  // namespace sipring::app
