// Header fields found without framing: views stay inside, one search and two in one pass agree.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/unframed.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sipring;
  const std::string_view message = fuzz::text_of(data, size);
  constexpr HeaderId kinds[] = {HeaderId::call_id, HeaderId::to, HeaderId::via, HeaderId::expires};
  for (const HeaderId one : kinds) {
    for (const HeaderId other : kinds) {
      const auto values = find_unframed_values(message, one, other);
      for (std::size_t i = 0; i < 2; ++i) {
        const auto word = find_unframed(message, i == 0 ? one : other);
        fuzz::must(word.has_value() == values[i].has_value(), "found by both");
        if (!word) continue;
        fuzz::must(fuzz::is_inside(*values[i], message), "value inside");
        fuzz::must(fuzz::is_inside(*word, message), "word inside");
        fuzz::must(first_word(*values[i]) == *word, "first word");
      }
    }
  }
  return 0;
}
