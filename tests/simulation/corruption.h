// What happens to octets on a bad line: they are cut off, repeated, left out or changed.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "tests/simulation/random.h"

namespace sipring::simulation {

void corrupt(std::string& bytes, Random& random);

}  // namespace sipring::simulation
