// Servers: which name server a question goes to. In the order in which they were given, those that
// have lately not answered last.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/detail/standing.h>
#include <sipring/core/dns/resolver_settings.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace sipring::dns {

class Servers {
 public:
  using Tried = std::uint8_t;  // a bit for each server
  static_assert(ResolverSettings::most_servers <= 8);

  explicit Servers(const ResolverSettings& settings);

  [[nodiscard]] std::uint32_t size() const { return count_; }
  [[nodiscard]] const NetworkAddress& address(std::uint32_t server) const {
    return addresses_[server];
  }
  [[nodiscard]] bool is_avoided(std::uint32_t server, Instant now) const {
    return standings_[server].is_avoided(now);
  }

  // The next one for a question that has been to `tried`; nullopt when it has been to all.
  [[nodiscard]] std::optional<std::uint32_t> choose(Instant now, Tried tried) const;
  void asked(std::uint32_t server, Instant now, Duration timeout) {
    standings_[server].tried(now, timeout);
  }
  void answered(std::uint32_t server) { standings_[server].succeeded(); }
  void was_silent(std::uint32_t server, Instant now) { standings_[server].failed(now, avoidance_); }

 private:
  std::array<NetworkAddress, ResolverSettings::most_servers> addresses_{};
  std::array<Standing, ResolverSettings::most_servers> standings_{};
  std::uint32_t count_;
  Avoidance avoidance_;
};

}  // namespace sipring::dns
