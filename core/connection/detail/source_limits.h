// SourceLimits: what each source address has of connections, handshakes and messages, in a table of
// fixed size, and who is banned.
//
// A source has one of four places. When all four are taken the one that nothing is remembered of
// makes way; when there is none, the newcomer is not limited: a full table must not lock anybody
// out.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/connection/counters.h>
#include <sipring/core/connection/limits.h>
#include <sipring/core/network_address.h>
#include <sipring/core/overload/token_bucket.h>
#include <sipring/core/time.h>
#include <sipring/pools/hash.h>

#include <cstdint>
#include <limits>
#include <memory_resource>
#include <optional>
#include <vector>

namespace sipring {

class SourceLimits {
 public:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  SourceLimits(const SourceConnectionLimits& limits, std::uint32_t sources, const HashSeed& seed,
               std::pmr::memory_resource& memory);

  struct Admission {
    std::optional<AcceptRefusal> refusal;
    std::uint32_t slot = none;  // of the source, to be left with leave(); none: it is not limited
  };
  // Of a connection that has been accepted; `shakes`: a handshake follows.
  [[nodiscard]] Admission admit(Instant now, const IpAddress& source, bool shakes);
  void leave(std::uint32_t slot);
  void handshake_ended(std::uint32_t slot);

  // Whether one more message conforms.
  [[nodiscard]] bool may_send(Instant now, std::uint32_t slot);
  // A rule was broken. True: one too often, the source is banned from now on.
  bool offended(Instant now, std::uint32_t slot);
  [[nodiscard]] bool is_banned(Instant now, const IpAddress& source) const;

 private:
  struct Entry {
    std::uint64_t key = 0;  // 0: free
    TokenBucket arrivals;
    TokenBucket messages;
    TokenBucket offences;
    Instant banned_until = Instant::min();
    std::uint32_t connections = 0;
    std::uint32_t handshakes = 0;
  };
  static_assert(sizeof(Entry) == 48);
  static constexpr std::uint32_t ways = 4;

  [[nodiscard]] std::uint64_t key_of(const IpAddress& source) const;
  [[nodiscard]] std::uint32_t find(std::uint64_t key) const;
  [[nodiscard]] std::uint32_t find_or_take(Instant now, std::uint64_t key);
  [[nodiscard]] std::optional<AcceptRefusal> check(Instant now, Entry& entry, bool shakes) const;

  SourceConnectionLimits limits_;
  HashSeed seed_;
  Rate arrivals_;
  Rate messages_;
  Rate offences_;
  std::pmr::vector<Entry> entries_;
  std::uint32_t sets_;
};

}  // namespace sipring
