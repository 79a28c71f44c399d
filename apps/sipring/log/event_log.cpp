// SPDX-License-Identifier: MIT
#include <log/event_log.h>

#include <fmt/format.h>

#include <utility>

namespace sipring::app {
namespace {

Severity severity_of(RareEvent::Kind kind) {
  const bool ordinary =
      kind == RareEvent::Kind::shard_started || kind == RareEvent::Kind::shard_stopped;
  return ordinary ? Severity::info : Severity::warning;
}

}  // namespace

EventLog::EventLog(Sink sink) : sink_(std::move(sink)), limits_(RareEvent::kinds) {}

void EventLog::write(Instant now, const RareEvent& event) {
  Limit& limit = limits_[static_cast<std::size_t>(event.kind)];
  if (!limit.bucket.take(now, rate)) {
    limit.suppressed += event.count;
    return;
  }
  write_line(event, std::exchange(limit.suppressed, 0));
}

void EventLog::write_line(const RareEvent& event, std::uint64_t suppressed) {
  std::string line =
      fmt::format("event={} shard={} count={}", to_string(event.kind), event.shard, event.count);
  if (!event.details.empty()) line += " " + event.details;
  if (suppressed != 0) line += fmt::format(" suppressed={}", suppressed);
  sink_(severity_of(event.kind), line);
}

void EventLog::observe(Instant now, std::span<const Metrics> shards) {
  seen_.resize(shards.size());
  for (std::size_t i = 0; i < shards.size(); ++i) {
    find_rare_events(static_cast<std::uint32_t>(i), seen_[i], shards[i],
                     [&](const RareEvent& event) { write(now, event); });
    seen_[i] = shards[i];
  }
}

void EventLog::shards_started(std::uint32_t shards) {
  for (std::uint32_t i = 0; i < shards; ++i) {
    write_line({RareEvent::Kind::shard_started, i, 1, {}}, 0);
  }
}

void EventLog::shards_stopped(Instant now, std::span<const Metrics> shards) {
  observe(now, shards);
  tell_suppressed();
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const Counters& engine = shards[i].engine;
    write_line(
        {RareEvent::Kind::shard_stopped, static_cast<std::uint32_t>(i), 1,
         fmt::format("messages_received={} messages_sent={} transactions={}",
                     engine.messages_received, engine.messages_sent, shards[i].pools.transactions)},
        0);
  }
}

void EventLog::tell_suppressed() {
  for (std::size_t i = 0; i < limits_.size(); ++i) {
    const std::uint64_t suppressed = std::exchange(limits_[i].suppressed, 0);
    if (suppressed == 0) continue;
    const auto kind = static_cast<RareEvent::Kind>(i);
    sink_(severity_of(kind), fmt::format("event={} suppressed={}", to_string(kind), suppressed));
  }
}

}  // namespace sipring::app
