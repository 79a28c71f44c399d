// What a shard of a running server does with calls, what it is told and tells, and why it would not
// be told to do otherwise.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace sipring {

enum class ShardPhase : std::uint8_t {
  serving,
  draining,  // what has begun here ends here; what begins now goes to another shard
  stopped,
};
[[nodiscard]] std::string_view to_string(ShardPhase phase);

// What one shard is told.
enum class ShardOrder : std::uint8_t {
  serve,
  drain,
  leave,    // nobody gives you anything more: finish what is there
  finish,   // the whole server comes to its end: end what goes on
  release,  // nobody looks at anything of yours: free it
};

// What one shard tells.
enum class ShardReport : std::uint8_t {
  busy,
  drained,  // nothing that began here is going on
  left,     // the loop has ended
};

enum class DrainError : std::uint8_t {
  no_such_shard,
  last_shard,      // nobody else serves
  another_drains,  // one at a time
  stopped,         // the shard has stopped, or the whole server is stopping
};
[[nodiscard]] std::string_view to_string(DrainError error);

}  // namespace sipring
