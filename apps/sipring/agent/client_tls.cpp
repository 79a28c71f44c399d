// SPDX-License-Identifier: MIT
#include <agent/client_tls.h>

#include "command_line.h"

#include <utility>

namespace sipring::app {

void add_flags(CommandLine& command, ClientTlsFlags& flags) {
  command.add("--ca", flags.files.authorities,
              "file of whose signature is believed of a server; the system's");
  command.add("--cert", flags.files.certificate,
              "file of the certificate that a server may ask for");
  command.add("--key", flags.files.key, "file of its key; in the file of --cert");
  command.add("--no-verify", flags.no_verify, "believe any server, whatever it shows");
}

std::expected<ClientTls, std::string> client_tls_of(const ClientTlsFlags& flags) {
  auto material = load_client_material(flags.files);
  if (!material) return std::unexpected(material.error().text);
  return ClientTls{.material = std::move(*material), .verify = !flags.no_verify, .domain = {}};
}

}  // namespace sipring::app
