// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/sdp/session.h>

#include <cstdint>

namespace sipring::sdp::detail {

// The t=, r= and z= lines of a description that can be read, in their order. What stands behind a
// t= that cannot be read says something about that one, and goes with it.
class Times {
 public:
  explicit Times(const Section& head) : head_(head) {}

  Line next();  // type 0 at the end

 private:
  Section head_;
  std::uint32_t at_ = 0;
  bool has_begun_ = false;  // behind a t= that can be read
};

}  // namespace sipring::sdp::detail
