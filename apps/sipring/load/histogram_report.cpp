// SPDX-License-Identifier: MIT
#include <load/histogram_report.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <chrono>

namespace sipring::app {
namespace {

constexpr std::array percentiles{50.0, 90.0, 95.0, 99.0, 99.9};

}  // namespace

double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

std::string histogram_head() {
  std::string head = fmt::format("  {:<22}", "ms");
  for (const double percent : percentiles)
    head += fmt::format("{:>10}", fmt::format("p{}", percent));
  return head + fmt::format("{:>10}\n", "max");
}

std::string histogram_row(const char* title, const Histogram& histogram) {
  if (histogram.count() == 0) return "";
  std::string row = fmt::format("  {:<22}", title);
  for (const double percent : percentiles)
    row += fmt::format("{:>10.3f}", milliseconds(histogram.percentile(percent)));
  return row + fmt::format("{:>10.3f}\n", milliseconds(histogram.largest()));
}

nlohmann::ordered_json histogram_json(const Histogram& histogram) {
  nlohmann::ordered_json json{{"count", histogram.count()},
                              {"mean_ms", milliseconds(histogram.mean())}};
  for (const double percent : percentiles)
    json[fmt::format("p{}_ms", percent)] = milliseconds(histogram.percentile(percent));
  json["max_ms"] = milliseconds(histogram.largest());
  return json;
}

}  // namespace sipring::app
