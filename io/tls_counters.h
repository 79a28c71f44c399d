// What TLS has done: handshakes, resumptions, and failures by reason.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/metrics/sample.h>
#include <sipring/core/network_address.h>
#include <sipring/io/tls_failure.h>

#include <array>
#include <cstdint>
#include <numeric>

namespace sipring {

struct TlsCounters {
  std::uint64_t handshakes = 0;  // that ended well
  std::uint64_t resumed = 0;     // of these
  std::uint64_t postponed = 0;   // steps of handshakes that waited for a later turn
  std::array<std::uint64_t, tls_failure_codes> failures{};  // by TlsFailureCode
  // The last failure's; port 0: there has been none.
  NetworkAddress last_peer;
  TlsFailureCode last_code = TlsFailureCode::internal;

  TlsCounters& operator+=(const TlsCounters& other);
  void note_failure(TlsFailureCode code, const NetworkAddress& peer);
  [[nodiscard]] std::uint64_t all_failures() const {
    return std::accumulate(failures.begin(), failures.end(), std::uint64_t{0});
  }
};

void each_sample(const TlsCounters& counters, const MetricWalk& walk);

}  // namespace sipring
