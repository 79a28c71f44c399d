// SPDX-License-Identifier: MIT
#include <sipring/core/shard/phase.h>

namespace sipring {

std::string_view to_string(ShardPhase phase) {
  switch (phase) {
    case ShardPhase::serving: return "serving";
    case ShardPhase::draining: return "draining";
    case ShardPhase::stopped: return "stopped";
  }
  return "unknown";
}

std::string_view to_string(DrainError error) {
  switch (error) {
    case DrainError::no_such_shard: return "no_such_shard";
    case DrainError::last_shard: return "last_shard";
    case DrainError::another_drains: return "another_drains";
    case DrainError::stopped: return "stopped";
  }
  return "unknown";
}

}  // namespace sipring
