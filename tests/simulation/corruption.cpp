// SPDX-License-Identifier: MIT
#include "tests/simulation/corruption.h"

namespace sipring::simulation {

void corrupt(std::string& bytes, Random& random) {
  if (bytes.empty()) return;
  switch (random.below(4)) {
    case 0: bytes.resize(random.below(bytes.size())); break;
    case 1:
      bytes.insert(random.below(bytes.size()), bytes, random.below(bytes.size()), random.below(80));
      break;
    case 2: bytes.erase(random.below(bytes.size()), random.below(20)); break;
    default:
      for (std::size_t count = random.below(8) + 1; count > 0; --count) {
        bytes[random.below(bytes.size())] =
            random.chance(500) ? static_cast<char>(random.next())
                               : random.pick({'0', '9', ';', ',', '\r', '\n', ' ', '"', '<'});
      }
  }
}

}  // namespace sipring::simulation
