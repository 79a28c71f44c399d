// Who takes what an engine sends to where it leaves.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/output.h>
#include <sipring/core/time.h>

namespace sipring::simulation {

class Carrier {
 public:
  virtual ~Carrier() = default;
  virtual void carry(Instant now, const Transmit& transmit) = 0;
  // What a request of ours leaves by.
  [[nodiscard]] virtual Flow flow_to(const NetworkAddress& destination) = 0;
};

}  // namespace sipring::simulation
