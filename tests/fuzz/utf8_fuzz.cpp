// UTF-8: skipping runs of ASCII changes nothing, and what is valid stays so in pieces.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/utf8.h>

#include <algorithm>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sipring;
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t bad = first_not_utf8(text);
  fuzz::must(bad <= size && is_utf8(text) == (bad == size), "offset");
  fuzz::must(is_utf8(text.substr(0, bad)), "what comes before is valid");
  // In short pieces no run is as long as a vector.
  std::size_t at = 0;
  while (at < bad) {
    const std::size_t length = std::min<std::size_t>(16, bad - at);
    const std::size_t good = first_not_utf8(text.substr(at, length));
    fuzz::must(good > 0 && (good == length || length - good < 4), "a piece");
    at += good;
  }
  return 0;
}
