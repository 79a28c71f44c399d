// NameServers: carries a resolver's queries to the name servers and their answers back, by a socket
// for each query. Whoever has a loop polls the sockets; wait() is a loop of its own, for those who
// have none and may block.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/resolver.h>
#include <sipring/core/entropy.h>
#include <sipring/core/time.h>
#include <sipring/io/query_socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
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
    for (std::uint32_t slot = 0; slot < sockets_.size(); ++slot) {
      if (const auto& open = sockets_[slot]) {
        visit(Awaited{slot, open->socket.fd(), open->socket.awaited()});
      }
    }
  }
  void ready(Instant now, std::uint32_t question);

  // Blocks until the next answer, or until nothing is asked any more: nullopt.
  [[nodiscard]] std::optional<dns::Answered> wait();

 private:
  struct Open {
    Handle<dns::Question> question;
    NetworkAddress server;
    QuerySocket socket;
  };
  static constexpr std::size_t room_octets = 4'096;  // more than EDNS lets a server send

  void send(Instant now, dns::SendQuery&& query);

  dns::Resolver resolver_;
  std::vector<std::optional<Open>> sockets_;  // by question slot
  std::array<char, room_octets> room_{};
};

}  // namespace sipring
