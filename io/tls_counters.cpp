// SPDX-License-Identifier: MIT
#include <sipring/io/io_counters.h>

#include <cstddef>
#include <utility>

namespace sipring {
namespace {

using enum MetricFamily::Kind;

constexpr MetricFamily tls_handshakes{
    "tls_handshakes_total", counter, "TLS handshakes that ended well", {"session"}};
constexpr MetricFamily tls_postponed{
    "tls_steps_postponed_total",
    counter,
    "Steps of TLS handshakes that waited for a later turn, so that nobody else had to",
    {}};
constexpr MetricFamily tls_failures{
    "tls_failures_total", counter, "TLS connections that did not come about or broke", {"reason"}};

}  // namespace

TlsCounters& TlsCounters::operator+=(const TlsCounters& other) {
  handshakes += other.handshakes;
  resumed += other.resumed;
  postponed += other.postponed;
  for (std::size_t i = 0; i < failures.size(); ++i) failures[i] += other.failures[i];
  if (other.last_peer.port != 0) {
    last_peer = other.last_peer;
    last_code = other.last_code;
  }
  return *this;
}

void TlsCounters::note_failure(TlsFailureCode code, const NetworkAddress& peer) {
  ++failures[std::to_underlying(code)];
  last_peer = peer;
  last_code = code;
}

void each_sample(const TlsCounters& counters, const MetricWalk& walk) {
  const auto number = [](std::uint64_t count) { return static_cast<double>(count); };
  walk({tls_handshakes, {"new"}, number(counters.handshakes - counters.resumed)});
  walk({tls_handshakes, {"resumed"}, number(counters.resumed)});
  walk({tls_postponed, {}, number(counters.postponed)});
  for (std::size_t i = 0; i < counters.failures.size(); ++i) {
    const std::string_view reason = to_string(static_cast<TlsFailureCode>(i));
    walk({tls_failures, {reason}, number(counters.failures[i])});
  }
}

}  // namespace sipring
