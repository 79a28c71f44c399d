// Report: what a running `sipring answer` says of itself: a live line for people, JSON objects for
// machines.
// SPDX-License-Identifier: MIT
#pragma once

#include <answer/calls.h>

#include <sipring/io/snapshot.h>
#include <sipring/io/transaction_user.h>

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sipring {

// Everything that was dropped or refused before a user saw it, by reason: the engine's and io's.
using Drops = std::vector<std::pair<std::string, std::uint64_t>>;
[[nodiscard]] Drops drops_of(const ShardSnapshot& snapshot);
[[nodiscard]] std::uint64_t total(const Drops& drops);

// CPU time for each message received, which includes its answers.
struct Cost {
  double cpu_ns = 0;   // user and kernel
  double user_ns = 0;  // of it in user mode
};
[[nodiscard]] Cost cost_per_message(const ShardSnapshot& from, const ShardSnapshot& to);

// "sipp -sn uac 127.0.0.1:5060 -r 100 -m 1000"
[[nodiscard]] std::string sipp_line(const NetworkAddress& listener);

// For a terminal: one line without a line end.
[[nodiscard]] std::string live_line(const ShardSnapshot& before, const ShardSnapshot& now,
                                    double seconds);

// For machines: one object a line.
[[nodiscard]] std::string start_json(std::span<const Listener> listeners, std::uint32_t shards);
[[nodiscard]] std::string second_json(std::uint64_t second, std::span<const ShardSnapshot> before,
                                      std::span<const ShardSnapshot> now, double seconds);
[[nodiscard]] std::string summary_json(std::span<const ShardSnapshot> shards,
                                       const AnswerTally& tally, double seconds);
// For people, at the end: a few lines.
[[nodiscard]] std::string summary_text(std::span<const ShardSnapshot> shards,
                                       const AnswerTally& tally, double seconds);

}  // namespace sipring
