// NameServers: carries a resolver's queries to the name servers and their answers back, by a socket
// for each query. Whoever has a loop polls the sockets; wait() is a loop of its own, for those who
// have none and may block.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/resolver.h>
#include <sipring/core/entropy.h>
#include <sipring/core/time.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipring {

// What a system says about names, as it was when it was read.
struct SystemNames {
  dns::ResolverSettings settings;
  std::string hosts;
};
// /etc/resolv.conf and /etc/hosts; what cannot be read counts as empty.
[[nodiscard]] SystemNames system_names();

class NameServers {
 public:
  NameServers(const dns::ResolverSettings& settings, std::string_view hosts, const Entropy& entropy,
              std::pmr::memory_resource& memory);
  ~NameServers();

  [[nodiscard]] dns::Resolver& resolver() { return resolver_; }

  // Does what the resolver wants done, and gives what it has to tell. To be called until nullopt
  // after each call of the resolver, and after ready().
  [[nodiscard]] std::optional<dns::Answered> perform(Instant now);

  // A socket that waits for its poll.
  struct Awaited {
    std::uint32_t question = 0;  // its slot
    int fd = -1;
    short events = 0;
  };
  template <class Visit>
  void each_awaited(Visit&& visit) const {
    for (std::uint32_t slot = 0; slot < queries_.size(); ++slot) {
      if (queries_[slot]) visit(awaited(slot));
    }
  }
  void ready(Instant now, std::uint32_t question);

  // Blocks until the next answer, or until nothing is asked any more: nullopt.
  [[nodiscard]] std::optional<dns::Answered> wait();

 private:
  struct Query;
  static constexpr std::size_t room_octets = 4'096;  // more than EDNS lets a server send

  [[nodiscard]] Awaited awaited(std::uint32_t question) const;
  void send(Instant now, dns::SendQuery&& query);

  dns::Resolver resolver_;
  std::vector<std::unique_ptr<Query>> queries_;  // that are on their way, by question slot
  std::array<char, room_octets> room_{};
};

}  // namespace sipring
