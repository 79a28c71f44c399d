// SPDX-License-Identifier: MIT
#include "version.h"

namespace sipring::app {

std::string version() {
  return SIPRING_VERSION;
}

}  // namespace sipring::app
