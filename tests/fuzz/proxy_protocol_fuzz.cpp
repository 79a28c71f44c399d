// The PROXY header: what is read whole is the same in pieces, and it never reaches beyond its size.
// SPDX-License-Identifier: MIT
#include <sipring/core/stream/proxy_protocol.h>

#include <string>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sipring;
  const std::string_view stream = fuzz::text_of(data, size);
  const auto whole = read_proxy_header(stream);
  for (std::size_t end = 0; end <= size; ++end) {
    const std::string received(stream.substr(0, end));  // a sanitizer sees its end
    const auto part = read_proxy_header(received);
    if (part && part->size == 0) continue;
    fuzz::must(part.has_value() == whole.has_value(), "pieces make no difference");
    if (!part) {
      fuzz::must(part.error() == whole.error(), "the same error");
    } else {
      fuzz::must(part->size == whole->size && part->size <= end, "a header is what has come");
      fuzz::must(part->source_ip == whole->source_ip, "the same source");
    }
    return 0;
  }
  fuzz::must(whole && whole->size == 0, "incomplete");
  return 0;
}
