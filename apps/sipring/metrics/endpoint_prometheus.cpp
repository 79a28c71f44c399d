// The endpoint by prometheus-cpp.
// SPDX-License-Identifier: MIT
#include <metrics/endpoint.h>

#include "version.h"

#include <sipring/io/socket_address.h>

#include <fmt/format.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <exception>
#include <system_error>
#include <utility>

namespace sipring::app {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricType;
using Families = std::vector<prometheus::MetricFamily>;

constexpr std::size_t threads = 2;

MetricType type_of(MetricFamily::Kind kind) {
  switch (kind) {
    case MetricFamily::Kind::counter: return MetricType::Counter;
    case MetricFamily::Kind::gauge: return MetricType::Gauge;
    case MetricFamily::Kind::histogram: return MetricType::Histogram;
  }
  return MetricType::Untyped;
}

prometheus::MetricFamily& find_or_add(Families& families, const MetricFamily& family) {
  const std::string name = fmt::format("sipring_{}", family.name);
  const auto known = std::ranges::find(families, name, &prometheus::MetricFamily::name);
  if (known != families.end()) return *known;
  return families.emplace_back(
      prometheus::MetricFamily{name, std::string(family.help), type_of(family.kind), {}});
}

ClientMetric::Histogram histogram_of(const MetricSample& sample) {
  const DurationHistogram& counted = *sample.histogram;
  ClientMetric::Histogram histogram;
  histogram.sample_count = counted.count();
  histogram.sample_sum = std::chrono::duration<double>(counted.sum()).count();
  for (unsigned exponent = sample.family.from; exponent <= sample.family.to; ++exponent) {
    const double end = std::ldexp(1e-9, static_cast<int>(exponent));
    histogram.bucket.push_back({counted.count_below(exponent), end});
  }
  return histogram;
}

ClientMetric metric_of(const MetricSample& sample, std::size_t shard) {
  ClientMetric metric;
  metric.label.push_back({"shard", std::to_string(shard)});
  for (std::size_t i = 0; i < sample.labels.size(); ++i) {
    if (sample.labels[i].empty()) continue;
    metric.label.push_back({std::string(sample.family.labels[i]), std::string(sample.labels[i])});
  }
  switch (sample.family.kind) {
    case MetricFamily::Kind::counter: metric.counter.value = sample.value; break;
    case MetricFamily::Kind::gauge: metric.gauge.value = sample.value; break;
    case MetricFamily::Kind::histogram: metric.histogram = histogram_of(sample); break;
  }
  return metric;
}

prometheus::MetricFamily build_info() {
  ClientMetric metric;
  metric.label.push_back({"version", version()});
  metric.gauge.value = 1;
  return {"sipring_build_info", "What runs; always 1", MetricType::Gauge, {metric}};
}

class Shards : public prometheus::Collectable {
 public:
  explicit Shards(MetricsEndpoint::Source source) : source_(std::move(source)) {}

  [[nodiscard]] Families Collect() const override {
    Families families{build_info()};
    const std::vector<Metrics> shards = source_();
    for (std::size_t i = 0; i < shards.size(); ++i) {
      each_sample(shards[i], [&](const MetricSample& sample) {
        find_or_add(families, sample.family).metric.push_back(metric_of(sample, i));
      });
    }
    return families;
  }

 private:
  MetricsEndpoint::Source source_;
};

// The HTTP server keeps to itself why it could not listen: 0, or what the system says.
int why_not_bound(const NetworkAddress& address) {
  SocketAddress wanted;
  const socklen_t length = to_socket_address(address, wanted);
  const int fd = ::socket(wanted.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  const int yes = 1;
  (void)::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const int bound = ::bind(fd, &wanted.any, length);
  const int error_number = bound == 0 ? 0 : errno;
  (void)::close(fd);
  return error_number;
}

std::unexpected<std::string> cannot_listen(const NetworkAddress& address, std::string_view why) {
  return std::unexpected(
      fmt::format("metrics cannot be had on {}: {}", to_text(address).view(), why));
}

}  // namespace

// The exposer knows the collectable weakly, and goes first.
struct MetricsEndpoint::Parts {
  std::shared_ptr<Shards> shards;
  prometheus::Exposer exposer;

  Parts(const NetworkAddress& address, Source source)
      : shards(std::make_shared<Shards>(std::move(source))),
        exposer(std::string(to_text(address).view()), threads) {
    exposer.RegisterCollectable(shards);
  }
};

MetricsEndpoint::MetricsEndpoint(const NetworkAddress& address, std::unique_ptr<Parts> parts)
    : address_(address), parts_(std::move(parts)) {
  const std::vector<int> ports = parts_->exposer.GetListeningPorts();
  if (!ports.empty()) address_.port = static_cast<std::uint16_t>(ports.front());
}
MetricsEndpoint::~MetricsEndpoint() = default;

std::expected<std::unique_ptr<MetricsEndpoint>, std::string> MetricsEndpoint::start(
    const NetworkAddress& address, Source source) try {
  if (const int error_number = why_not_bound(address); error_number != 0) {
    return cannot_listen(address, std::generic_category().message(error_number));
  }
  auto parts = std::make_unique<Parts>(address, std::move(source));
  return std::unique_ptr<MetricsEndpoint>(new MetricsEndpoint(address, std::move(parts)));
} catch (const std::exception& error) {
  // Debian's civetweb is built without it.
  if (address.ip.family == IpAddress::Family::v6) {
    return cannot_listen(address, "the HTTP server of prometheus-cpp has no IPv6 here");
  }
  return cannot_listen(address, error.what());
}

}  // namespace sipring::app
