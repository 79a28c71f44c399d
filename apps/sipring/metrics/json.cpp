// SPDX-License-Identifier: MIT
#include <metrics/json.h>

#include <cmath>
#include <cstdint>
#include <string>

namespace sipring::app {
namespace {

using Json = nlohmann::ordered_json;

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

Json histogram_json(const DurationHistogram& histogram) {
  return {{"count", histogram.count()},
          {"sum_seconds", seconds(histogram.sum())},
          {"p50_seconds", seconds(histogram.percentile(50))},
          {"p99_seconds", seconds(histogram.percentile(99))},
          {"max_seconds", seconds(histogram.largest())}};
}

Json value_json(const MetricSample& sample) {
  if (sample.histogram != nullptr) return histogram_json(*sample.histogram);
  if (std::trunc(sample.value) == sample.value) return static_cast<std::uint64_t>(sample.value);
  return sample.value;
}

}  // namespace

Json metrics_json(const Metrics& metrics) {
  Json json = Json::object();
  each_sample(metrics, [&](const MetricSample& sample) {
    Json* place = &json[std::string(sample.family.name)];
    for (const std::string_view label : sample.labels) {
      if (!label.empty()) place = &(*place)[std::string(label)];
    }
    *place = value_json(sample);
  });
  return json;
}

}  // namespace sipring::app
