// SPDX-License-Identifier: MIT
#include <log/rare_event.h>

#include <fmt/format.h>

#include <numeric>

namespace sipring::app {
namespace {

using Kind = RareEvent::Kind;

std::uint64_t malformed(const Metrics& metrics) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < metrics.engine.dropped.size(); ++i) {
    if (is_malformed(static_cast<DropReason>(i))) count += metrics.engine.dropped[i];
  }
  return count;
}

std::uint64_t overload(const Metrics& metrics) {
  return metrics.engine.dropped[static_cast<std::size_t>(DropReason::overload)];
}

std::uint64_t forgotten(const Metrics& metrics) {
  return metrics.engine.transactions_forgotten;
}

std::uint64_t send_failures(const Metrics& metrics) {
  const auto& failures = metrics.io.send_failures;
  return std::accumulate(failures.begin(), failures.end(), std::uint64_t{0});
}

std::uint64_t tls_failures(const Metrics& metrics) {
  return metrics.tls.all_failures();
}

std::string tls_details(const Metrics&, const Metrics& now) {
  return fmt::format("last_peer={} reason={} advice=\"{}\"", to_text(now.tls.last_peer).view(),
                     to_string(now.tls.last_code), advice(now.tls.last_code));
}

template <std::uint64_t IoCounters::*number>
std::uint64_t io(const Metrics& metrics) {
  return metrics.io.*number;
}

std::string pool_details(const Metrics&, const Metrics& now) {
  return fmt::format("transactions={} capacity={} buffer_bytes={} buffer_bytes_capacity={}",
                     now.pools.transactions, now.pools.transactions_capacity,
                     now.pools.buffer_bytes, now.pools.buffer_bytes_capacity);
}

std::string source_details(const Metrics&, const Metrics& now) {
  return fmt::format("last_source={}", to_text(now.last_malformed).view());
}

std::string failure_details(const Metrics& before, const Metrics& now) {
  std::string details;
  for (std::size_t i = 0; i < now.io.send_failures.size(); ++i) {
    const std::uint64_t count = now.io.send_failures[i] - before.io.send_failures[i];
    if (count == 0) continue;
    details += fmt::format("{}{}={}", details.empty() ? "" : " ",
                           to_string(static_cast<SendFailure>(i)), count);
  }
  return details;
}

// What is counted, and what more there is to say.
struct Rule {
  Kind kind;
  std::uint64_t (*counted)(const Metrics&);
  std::string (*details)(const Metrics& before, const Metrics& now) = nullptr;
};
constexpr Rule rules[] = {
    {Kind::overload, overload, pool_details},
    {Kind::forgetting, forgotten, pool_details},
    {Kind::malformed, malformed, source_details},
    {Kind::send_queue_full, io<&IoCounters::send_queue_full>},
    {Kind::send_failed, send_failures, failure_details},
    {Kind::icmp_error, io<&IoCounters::icmp_errors>},
    {Kind::receive_buffers, io<&IoCounters::enobufs_rearmed>},
    {Kind::truncated, io<&IoCounters::truncated>},
    {Kind::hand_over_full, io<&IoCounters::hand_over_full>},
    {Kind::segments_refused, io<&IoCounters::segments_refused>},
    {Kind::tls_failed, tls_failures, tls_details},
};

}  // namespace

std::string_view to_string(RareEvent::Kind kind) {
  switch (kind) {
    case Kind::shard_started: return "shard_started";
    case Kind::shard_stopped: return "shard_stopped";
    case Kind::overload: return "overload";
    case Kind::forgetting: return "forgetting";
    case Kind::malformed: return "malformed";
    case Kind::send_queue_full: return "send_queue_full";
    case Kind::send_failed: return "send_failed";
    case Kind::icmp_error: return "icmp_error";
    case Kind::receive_buffers: return "receive_buffers_exhausted";
    case Kind::truncated: return "truncated";
    case Kind::hand_over_full: return "hand_over_full";
    case Kind::segments_refused: return "segments_refused";
    case Kind::tls_failed: return "tls_failed";
    case Kind::count: break;
  }
  return "";
}

void find_rare_events(std::uint32_t shard, const Metrics& before, const Metrics& now,
                      const std::function<void(const RareEvent&)>& tell) {
  for (const Rule& rule : rules) {
    const std::uint64_t count = rule.counted(now) - rule.counted(before);
    if (count == 0) continue;
    tell({rule.kind, shard, count, rule.details == nullptr ? "" : rule.details(before, now)});
  }
}

}  // namespace sipring::app
