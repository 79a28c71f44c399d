// SPDX-License-Identifier: MIT
#include "version.h"

namespace sipring {

std::string version() {
  return SIPRING_VERSION;
}

}  // namespace sipring
