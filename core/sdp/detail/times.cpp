// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/detail/times.h>
#include <sipring/core/sdp/fields.h>

namespace sipring::sdp::detail {

Line Times::next() {
  while (at_ < head_.size()) {
    const Line line = head_[at_++];
    switch (line.type) {
      case 't':
        has_begun_ = parse_timing(line.value).has_value();
        if (has_begun_) return line;
        break;
      case 'r':
        if (has_begun_ && parse_repeat(line.value)) return line;
        break;
      case 'z':
        if (has_begun_ && parse_zones(line.value)) return line;
        break;
      default: break;
    }
  }
  return {};
}

}  // namespace sipring::sdp::detail
