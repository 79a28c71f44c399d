// SPDX-License-Identifier: MIT
#include <sipring/io/detail/snapshot.h>

#include <sys/resource.h>

namespace sipring {
namespace {

Duration of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

void Snapshot::publish(Instant now, const Engine& engine, const IoCounters& counters,
                       const StreamPorts& streams, const CallCounters* calls,
                       std::uint64_t system_calls) {
  rusage usage{};
  (void)::getrusage(RUSAGE_THREAD, &usage);
  Metrics metrics{.engine = engine.counters(),
                  .io = counters,
                  .pools = engine.pool_use(),
                  .user_time = of(usage.ru_utime),
                  .system_time = of(usage.ru_stime),
                  .taken = now,
                  .last_malformed = engine.last_malformed(),
                  .connections = streams.connections().counters(),
                  .tls = streams.tls()};
  metrics.io.system_calls += system_calls;
  if (calls != nullptr) metrics.calls = *calls;
  published_.publish(metrics);
  published_at_ = now;
  is_old_ = false;
}

}  // namespace sipring
