// Sources: what each source address sends us, in a table of fixed size: a limit on the rate of new
// requests, and on the server transactions that are alive.
//
// A source has one of four places. When all four are taken the one that has been silent longest
// makes way, but never one with transactions alive; when all of them have some, the newcomer is not
// limited: a full table must not lock anybody out.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/overload/detail/precedence.h>
#include <sipring/core/overload/settings.h>
#include <sipring/core/overload/token_bucket.h>
#include <sipring/core/time.h>
#include <sipring/pools/hash.h>

#include <cstdint>
#include <limits>
#include <memory_resource>
#include <vector>

namespace sipring {

class Sources {
 public:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  Sources(const OverloadSettings& settings, const HashSeed& seed,
          std::pmr::memory_resource& memory);

  enum class Verdict : std::uint8_t {
    admitted,
    over_rate,
    too_many_transactions,
  };
  struct Decision {
    Verdict verdict = Verdict::admitted;
    std::uint32_t slot = none;  // of the source; valid until the next decide() unless it is held
    bool answer = true;         // refused: whether a 503 is due, too
  };
  // About a request that would begin a transaction. What is in a dialog may use twice the burst,
  // and is not bounded by the number of transactions.
  [[nodiscard]] Decision decide(Instant now, const IpAddress& source, Precedence precedence);

  // A transaction of this source begins, and ends. `none` is nobody's.
  void hold(std::uint32_t slot) {
    if (slot != none) ++entries_[slot].alive;
  }
  void release(std::uint32_t slot) {
    if (slot != none) --entries_[slot].alive;
  }
  [[nodiscard]] std::uint32_t alive(std::uint32_t slot) const { return entries_[slot].alive; }
  [[nodiscard]] std::uint32_t capacity() const {
    return static_cast<std::uint32_t>(entries_.size());
  }

 private:
  struct Entry {
    std::uint64_t key = 0;  // 0: free
    TokenBucket requests;
    TokenBucket refusals;
    std::uint32_t alive = 0;
  };
  static_assert(sizeof(Entry) == 32);
  static constexpr std::uint32_t ways = 4;

  std::uint32_t find(std::uint64_t key);
  Decision refused(Instant now, Verdict verdict, std::uint32_t slot);

  HashSeed seed_;
  bool limits_rate_;
  std::uint32_t most_alive_;
  Rate rate_;
  Rate dialog_rate_;
  std::pmr::vector<Entry> entries_;
  std::uint32_t sets_;
};

}  // namespace sipring
