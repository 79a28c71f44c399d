// SPDX-License-Identifier: MIT
#include <sipring/core/overload/detail/oc_server.h>

#include <sipring/core/overload/detail/source_key.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>

namespace sipring {
namespace {

constexpr Duration interval = std::chrono::milliseconds(250);
constexpr double growth = 1.1;        // while the shard just keeps up
constexpr double calm_growth = 2;     // when it has time to spare
constexpr double least_share = 0.02;  // from here to all takes less than two seconds
constexpr double all_but = 0.995;     // what is more than this is all

}  // namespace

void OcServer::report(Instant now, const TurnReport& turn) {
  catch_up(now);
  requests_ += turn.requests;
  served_ += turn.served;
}

// After a pause each interval counts as one in which all went well.
void OcServer::catch_up(Instant now) {
  while (now - began_ >= interval) {
    const bool nothing_to_say = share_ == 1 && requests_ == 0;
    nothing_to_say ? void(began_ = now) : end_interval(began_ + interval);
  }
}

void OcServer::end_interval(Instant end) {
  const bool was_calm = requests_ == 0;
  const bool shed = served_ < requests_;
  const double before = share_;
  if (shed) {
    const double served_share = static_cast<double>(served_) / static_cast<double>(requests_);
    share_ = std::max(share_ * served_share, least_share);
    served_per_second_ =
        static_cast<double>(served_) / std::chrono::duration<double>(interval).count();
  } else {
    share_ *= was_calm ? calm_growth : growth;
    served_per_second_ *= was_calm ? calm_growth : growth;
  }
  if (share_ > all_but) share_ = 1;
  if (share_ != before || share_ < 1) made_ = end;
  clients_ = clients();
  seen_ = {};
  requests_ = served_ = 0;
  began_ = end;
}

OcAdvice OcServer::advise(Instant now, const IpAddress& client, bool knows_rate) {
  catch_up(now);
  count_client(client);
  OcAdvice advice;
  if (prefer_rate_ && knows_rate) advice.algorithm = OcAlgorithm::rate;
  advice.made = made_;
  if (share_ == 1) return advice;
  advice.validity_ms = validity_ms_;
  const double value = advice.algorithm == OcAlgorithm::rate
                           ? served_per_second_ / static_cast<double>(clients_)
                           : 100 * (1 - share_);
  // A rate of 0 would silence the client for good as far as we can see.
  const double least = advice.algorithm == OcAlgorithm::rate ? 1 : 0;
  advice.oc = static_cast<std::uint32_t>(std::max(std::round(value), least));
  return advice;
}

void OcServer::count_client(const IpAddress& client) {
  const std::uint64_t bit = source_key(seed_, client) % (64 * seen_.size());
  seen_[bit / 64] |= std::uint64_t{1} << bit % 64;
}

std::uint32_t OcServer::clients() const {
  int seen = 0;
  for (const std::uint64_t word : seen_) seen += std::popcount(word);
  const double bits = 64.0 * static_cast<double>(seen_.size());
  const double free = std::max(bits - seen, 1.0);
  return std::max(static_cast<std::uint32_t>(std::lround(-bits * std::log(free / bits))), 1U);
}

}  // namespace sipring
