// Report: what a running `sipring answer` says of itself: a live line for people, JSON objects for
// machines.
// SPDX-License-Identifier: MIT
#pragma once

#include <answer/tally.h>

#include <sipring/core/engine.h>
#include <sipring/io/metrics.h>
#include <sipring/io/transaction_user.h>

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sipring::app {

// Everything that was dropped or refused before a user saw it, by reason: the engine's and io's.
using Drops = std::vector<std::pair<std::string, std::uint64_t>>;
[[nodiscard]] Drops drops_of(const Metrics& metrics);
[[nodiscard]] std::uint64_t total(const Drops& drops);

// CPU time for each message received, which includes its answers.
struct Cost {
  double cpu_ns = 0;   // user and kernel
  double user_ns = 0;  // of it in user mode
};
[[nodiscard]] Cost cost_per_message(const Metrics& from, const Metrics& to);

// "sipp -sn uac 127.0.0.1:5060 -r 100 -m 1000"; empty for a transport that SIPp does not speak.
[[nodiscard]] std::string sipp_line(const NetworkAddress& listener);
// Of the first listener that has one.
[[nodiscard]] std::string call_line(std::span<const Listener> listeners);

// For a terminal: one line without a line end.
[[nodiscard]] std::string live_line(const Metrics& before, const Metrics& now, double seconds);

// For machines: one object a line.
// `metrics_url` is empty when there are none to be had.
[[nodiscard]] std::string start_json(std::span<const Listener> listeners, std::uint32_t shards,
                                     const Settings& settings, const std::string& metrics_url);
[[nodiscard]] std::string second_json(std::uint64_t second, std::span<const Metrics> before,
                                      std::span<const Metrics> now, double seconds);
[[nodiscard]] std::string summary_json(std::span<const Metrics> shards, const AnswerTally& tally,
                                       double seconds);
// For people, at the end: a few lines.
[[nodiscard]] std::string summary_text(std::span<const Metrics> shards, const AnswerTally& tally,
                                       double seconds);

}  // namespace sipring::app
