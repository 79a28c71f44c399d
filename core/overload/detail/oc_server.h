// OcServer: what an overloaded server tells clients that ask for it: RFC 7339 sections 5.1 to 5.3,
// 5.7, 7, and the rate of RFC 7415 (written from descriptions of that one, and from what RFC 7339
// says of it: its text was not at hand).
//
// Every 250 ms the share of all requests that could be served is multiplied into the share that
// clients are asked to send; while the shard keeps up, that share grows until it is all again.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/overload/settings.h>
#include <sipring/core/overload/turn_budget.h>
#include <sipring/core/time.h>
#include <sipring/pools/hash.h>

#include <array>
#include <cstdint>

namespace sipring {

enum class OcAlgorithm : std::uint8_t { loss, rate };

// The values of one response.
struct OcAdvice {
  OcAlgorithm algorithm = OcAlgorithm::loss;
  std::uint32_t oc = 0;           // percent to leave out (loss), or requests a second (rate)
  std::uint32_t validity_ms = 0;  // 0: there is no overload
  Instant made{};                 // is its sequence number, in steps of 10 us
};

class OcServer {
 public:
  OcServer(const OverloadSettings& settings, const HashSeed& seed)
      : prefer_rate_(settings.prefer_rate), validity_ms_(settings.validity_ms), seed_(seed) {}

  void report(Instant now, const TurnReport& turn);
  // For a response to this client, whose request said which algorithms it knows.
  [[nodiscard]] OcAdvice advise(Instant now, const IpAddress& client, bool knows_rate);
  // Of what clients would send if nobody asked them not to.
  [[nodiscard]] double share() const { return share_; }

 private:
  void end_interval(Instant end);
  void catch_up(Instant now);
  void count_client(const IpAddress& client);
  [[nodiscard]] std::uint32_t clients() const;

  bool prefer_rate_;
  std::uint32_t validity_ms_;
  HashSeed seed_;
  Instant began_{};  // the interval
  Instant made_{};
  double share_ = 1;
  double served_per_second_ = 0;
  std::uint64_t requests_ = 0;  // of the interval, in turns of an overloaded shard
  std::uint64_t served_ = 0;
  // The clients of this interval and of the last one, one bit for each (linear counting).
  std::array<std::uint64_t, 16> seen_{};
  std::uint32_t clients_ = 1;
};

}  // namespace sipring
