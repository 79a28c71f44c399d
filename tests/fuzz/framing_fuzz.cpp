// Framing: accelerated, plain and splitter agree on anything.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <vector>

#include "tests/core/message/agreement.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sipring;
  static Message message{testing::max_headers, *std::pmr::new_delete_resource()};
  // On the heap, with exactly the padding that parse() may read.
  std::vector<char> padded(size + readable_padding, '\r');
  std::copy_n(data, size, padded.begin());
  const std::string found = testing::disagreement({padded.data(), size}, message);
  fuzz::must(found.empty(), found);
  return 0;
}
