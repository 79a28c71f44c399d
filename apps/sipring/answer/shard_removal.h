// ShardRemoval: one shard fewer. The last one that serves drains, and stops when nothing goes on
// there or patience ends.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/io/server.h>

#include <cstdint>
#include <optional>

namespace sipring::app {

class ShardRemoval {
 public:
  void begin(Server& server, Duration patience);
  // Stops the shard when its time has come: to be called now and then.
  void look_after(Server& server);

 private:
  std::optional<std::uint32_t> shard_;
  Instant until_ = never;
};

}  // namespace sipring::app
