// Health: which targets have lately failed (RFC 3263 section 4.3, RFC 3261 section 21.5.4), and
// their way back. It is kept here and nowhere else: one call that fails does not change what DNS
// says, only which target is tried first.
//
// A table of fixed size: when a set is full, the target that is to be tried again first makes way.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/detail/standing.h>
#include <sipring/core/network_address.h>
#include <sipring/core/time.h>
#include <sipring/pools/hash.h>

#include <cstdint>
#include <memory_resource>
#include <utility>
#include <vector>

namespace sipring {

struct HealthSettings {
  std::uint32_t targets = 1'024;  // that have failed, at once
  Avoidance avoidance = {};       // of one that failed
  // A request tries one that has failed before; until it has ended, but not for longer than this,
  // the others still go elsewhere. 64*T1: that is when it times out (RFC 3261 section 17.1).
  Duration trial = std::chrono::seconds(32);
};

class Health {
 public:
  Health(const HealthSettings& settings, const HashSeed& seed, std::pmr::memory_resource& memory);

  [[nodiscard]] bool is_avoided(Instant now, const NetworkAddress& target) const {
    if (failed_ == 0) return false;
    const Entry* const entry = find(target);
    return entry != nullptr && entry->standing.is_avoided(now);
  }
  // Until when; `now` or earlier when it is not.
  [[nodiscard]] Instant avoided_until(const NetworkAddress& target) const;

  // A time-out or a transport error.
  void failed(Instant now, const NetworkAddress& target);
  // A 503 with Retry-After.
  void asked_for(Instant now, const NetworkAddress& target, Duration pause);
  // A request goes there.
  void tried(Instant now, const NetworkAddress& target) {
    if (failed_ == 0) return;
    if (Entry* const entry = find(target)) entry->standing.tried(now, settings_.trial);
  }
  // It has answered, whatever it said.
  void answered(const NetworkAddress& target);

  [[nodiscard]] std::uint32_t size() const { return failed_; }  // targets that have failed

 private:
  struct Entry {
    NetworkAddress target;
    Standing standing;  // good: the place is free
  };
  static constexpr std::uint32_t ways = 8;

  [[nodiscard]] std::uint32_t first_of(const NetworkAddress& target) const;
  [[nodiscard]] const Entry* find(const NetworkAddress& target) const;
  [[nodiscard]] Entry* find(const NetworkAddress& target) {
    return const_cast<Entry*>(std::as_const(*this).find(target));
  }
  Entry& place_for(const NetworkAddress& target);

  HealthSettings settings_;
  HashSeed seed_;
  std::pmr::vector<Entry> entries_;
  std::uint32_t sets_;
  std::uint32_t failed_ = 0;
};

}  // namespace sipring
