// A program that was built without prometheus-cpp (SIPRING_PROMETHEUS is off): there is no
// endpoint.
// SPDX-License-Identifier: MIT
#include <metrics/endpoint.h>

namespace sipring::app {

struct MetricsEndpoint::Parts {};

MetricsEndpoint::~MetricsEndpoint() = default;

std::expected<std::unique_ptr<MetricsEndpoint>, std::string> MetricsEndpoint::start(
    const NetworkAddress&, Source) {  // NOLINT(performance-unnecessary-value-param): it is kept
  return std::unexpected("this program was built without prometheus-cpp: it has no --metrics");
}

}  // namespace sipring::app
