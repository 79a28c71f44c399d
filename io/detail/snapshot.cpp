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
                       const ConnectionCounters& connections, std::uint64_t system_calls) {
  rusage usage{};
  (void)::getrusage(RUSAGE_THREAD, &usage);
  Metrics metrics{engine.counters(),  counters, engine.pool_use(),       of(usage.ru_utime),
                  of(usage.ru_stime), now,      engine.last_malformed(), connections};
  metrics.io.system_calls += system_calls;
  published_.publish(metrics);
  published_at_ = now;
  is_old_ = false;
}

}  // namespace sipring
