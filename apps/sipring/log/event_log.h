// EventLog: rare events as lines of key=value, a few of each kind at a time. What a limit holds
// back is counted, and told with the next line of its kind or at the end.
//
//   event=malformed shard=0 count=12 last_source=192.0.2.1:5060 suppressed=340
//
// One thread's, and never a shard's.
// SPDX-License-Identifier: MIT
#pragma once

#include <log/rare_event.h>

#include <sipring/core/overload/token_bucket.h>
#include <sipring/core/time.h>

#include <cstdint>
#include <expected>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace sipring::app {

enum class Severity : std::uint8_t { info, warning };

class EventLog {
 public:
  // Where lines go; each without a line end.
  using Sink = std::function<void(Severity, const std::string&)>;

  // Of each kind: so many lines at once, and one more after each interval.
  static constexpr int burst = 5;
  static constexpr Duration interval = std::chrono::seconds(10);
  static constexpr Rate rate{interval, (burst - 1) * interval};

  explicit EventLog(Sink sink);

  void write(Instant now, const RareEvent& event);
  // Everything that has happened to the shards of a server since the last call.
  void observe(Instant now, std::span<const Metrics> shards);
  // Start and stop of shards are told whatever came before.
  void shards_started(std::uint32_t shards);
  void shards_stopped(Instant now, std::span<const Metrics> shards);

 private:
  struct Limit {
    TokenBucket bucket;
    std::uint64_t suppressed = 0;  // occurrences, not lines
  };
  void write_line(const RareEvent& event, std::uint64_t suppressed);
  void tell_suppressed();

  Sink sink_;
  std::vector<Limit> limits_;
  std::vector<Metrics> seen_;
};

struct LogOptions {
  std::string level = "warning";  // debug, info, warning, error, off
  std::string file;               // empty: stderr
  bool clears_line = false;       // stdout shows a live line on the same terminal
};
// A sink that writes through spdlog. The error is a sentence.
[[nodiscard]] std::expected<EventLog::Sink, std::string> open_log(const LogOptions& options);

}  // namespace sipring::app
