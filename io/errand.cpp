// SPDX-License-Identifier: MIT
#include <sipring/io/errand.h>

namespace sipring {

std::string_view to_string(PostError error) {
  switch (error) {
    case PostError::no_such_shard: return "there is no such shard";
    case PostError::no_room: return "too many errands wait there";
    case PostError::stopped: return "the shard has stopped";
  }
  return "unknown";
}

}  // namespace sipring
