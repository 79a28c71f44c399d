// MetricsEndpoint: the metrics of shards as Prometheus reads them, by HTTP at /metrics. Threads of
// its own answer, from the copies that the shards publish.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/io/metrics.h>

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sipring::app {

class MetricsEndpoint {
 public:
  // One for each shard. Called by any thread until the endpoint has gone.
  using Source = std::function<std::vector<Metrics>()>;

  // Port 0: the kernel chooses. The error is a sentence: the port is taken, or this program was
  // built without prometheus-cpp.
  [[nodiscard]] static std::expected<std::unique_ptr<MetricsEndpoint>, std::string> start(
      const NetworkAddress& address, Source source);
  ~MetricsEndpoint();
  MetricsEndpoint(const MetricsEndpoint&) = delete;
  MetricsEndpoint& operator=(const MetricsEndpoint&) = delete;

  // With the port that was bound.
  [[nodiscard]] const NetworkAddress& address() const { return address_; }

 private:
  struct Parts;
  MetricsEndpoint(const NetworkAddress& address, std::unique_ptr<Parts> parts);

  NetworkAddress address_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace sipring::app
