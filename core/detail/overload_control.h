// OverloadControl: what an overloaded engine does not take in, and what it tells others and hears
// from them about that (RFC 3261 section 21.5.4, RFC 7339). Off the path as long as nothing of it
// is configured.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/counters.h>
#include <sipring/core/detail/arrival.h>
#include <sipring/core/entropy.h>
#include <sipring/core/overload/detail/oc_client.h>
#include <sipring/core/overload/detail/oc_server.h>
#include <sipring/core/overload/detail/sources.h>
#include <sipring/core/overload/settings.h>
#include <sipring/pools/hash.h>

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string_view>

namespace sipring::detail {

class OverloadControl {
 public:
  // `capacity`: transactions.
  OverloadControl(const OverloadSettings& settings, std::uint32_t capacity, const HashSeed& seed,
                  const Entropy& entropy, std::pmr::memory_resource& memory);

  // About a request that would begin a transaction.
  struct Admission {
    enum class Verdict : std::uint8_t {
      admitted,
      shed,     // 503 with Retry-After
      refused,  // 503; with Retry-After where nothing else says how much may come
      left,     // no answer: it costs too much
    };
    Verdict verdict = Verdict::admitted;
    DropReason reason = DropReason::overload;
  };
  // `alive`: transactions. Notes where the request counts.
  [[nodiscard]] Admission admit(Arrival& arrival, std::uint32_t alive);
  [[nodiscard]] bool is_guarding(const Arrival& arrival) const {
    return guards_ || !arrival.is_wanted;
  }

  // nullptr: not configured.
  [[nodiscard]] Sources* sources() { return sources_ ? &*sources_ : nullptr; }
  [[nodiscard]] OcServer* server() { return server_ ? &*server_ : nullptr; }
  [[nodiscard]] OcClient* client() { return client_ ? &*client_ : nullptr; }

 private:
  bool guards_;
  bool pool_by_priority_;
  std::uint32_t capacity_;
  std::optional<Sources> sources_;
  std::optional<OcServer> server_;
  std::optional<OcClient> client_;
};

}  // namespace sipring::detail
