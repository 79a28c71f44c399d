// SPDX-License-Identifier: MIT
#include "tests/simulation/corruption.h"

namespace sipring::simulation {

void corrupt(std::string& bytes, Random& random) {
  if (bytes.empty()) return;
  switch (random.below(4)) {
    case 0: bytes.resize(random.below(bytes.size())); break;
    case 1: {  // a variable for each: the order of arguments is the compiler's
      const std::size_t to = random.below(bytes.size());
      const std::size_t from = random.below(bytes.size());
      bytes.insert(to, bytes, from, random.below(80));
      break;
    }
    case 2: {
      const std::size_t from = random.below(bytes.size());
      bytes.erase(from, random.below(20));
      break;
    }
    default:
      for (std::size_t count = random.below(8) + 1; count > 0; --count) {
        bytes[random.below(bytes.size())] =
            random.chance(500) ? static_cast<char>(random.next())
                               : random.pick({'0', '9', ';', ',', '\r', '\n', ' ', '"', '<'});
      }
  }
}

}  // namespace sipring::simulation
