// URIs: accelerated and plain agree, views stay inside.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/plain.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sipring;
  const std::string_view text = fuzz::text_of(data, size);
  const Parsed<Uri> uri = parse_uri(text);
  const Parsed<Uri> plain = detail::parse_uri_plain(text);
  fuzz::must(fuzz::same_outcome(uri, plain, text), "outcome");
  if (!uri) return 0;
  const std::string_view parts[] = {uri->text, uri->user,       uri->password,
                                    uri->host, uri->parameters, uri->headers};
  const std::string_view plain_parts[] = {plain->text, plain->user,       plain->password,
                                          plain->host, plain->parameters, plain->headers};
  for (std::size_t i = 0; i < std::size(parts); ++i) {
    fuzz::must(fuzz::same_place(parts[i], plain_parts[i]), "parts");
    fuzz::must(fuzz::is_inside(parts[i], text), "inside");
  }
  fuzz::must(uri->scheme == plain->scheme && uri->port == plain->port, "scheme and port");
  fuzz::must((uri->scheme == Uri::Scheme::other) == uri->host.empty(), "a SIP URI has a host");
  return 0;
}
