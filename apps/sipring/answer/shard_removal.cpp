// SPDX-License-Identifier: MIT
#include <answer/shard_removal.h>

#include <sipring/io/clock.h>

#include <fmt/core.h>

#include <cstdio>

namespace sipring::app {
namespace {

constexpr Duration for_byes = std::chrono::seconds(2);  // to calls that are still there

}  // namespace

void ShardRemoval::begin(Server& server, Duration patience) {
  std::uint32_t shard = server.shards() - 1;
  while (shard > 0 && server.phase(shard) == ShardPhase::stopped) --shard;
  if (const auto begun = server.drain(shard); !begun) {
    return fmt::print(stderr, "sipring: shard {} goes on: {}\n", shard, to_string(begun.error()));
  }
  shard_ = shard;
  until_ = read_clock() + patience + for_byes;
}

void ShardRemoval::look_after(Server& server) {
  if (!shard_ || (!server.is_drained(*shard_) && read_clock() < until_)) return;
  if (server.stop(*shard_, Duration{})) {
    fmt::print(stderr, "sipring: shard {} has stopped\n", *shard_);
  }
  shard_.reset();
}

}  // namespace sipring::app
