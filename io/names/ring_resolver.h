// RingResolver: carries a resolver's queries on a shard's ring. Each query has a socket of its own,
// connected, with a port that the kernel draws; the ring polls it, and nothing here ever waits.
//
// A socket's completions name the question's slot and the generation of the socket, so that word of
// one that is closed is not taken for word of the next.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/resolver.h>
#include <sipring/core/entropy.h>
#include <sipring/core/time.h>
#include <sipring/io/detail/query_socket.h>
#include <sipring/io/detail/token.h>
#include <sipring/io/detail/uring.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

namespace sipring {

class RingResolver {
 public:
  RingResolver(Uring& uring, const dns::ResolverSettings& settings, std::string_view hosts,
               const Entropy& entropy, std::pmr::memory_resource& memory);

  [[nodiscard]] dns::Resolver& resolver() { return resolver_; }

  // Does what the resolver wants done, and gives what it has to tell: until nullopt after each call
  // of the resolver or of this.
  [[nodiscard]] std::optional<dns::Answered> next_answer(Instant now);

  void on_completion(Instant now, const CompletionToken& token, const io_uring_cqe& completion);
  void advance(Instant now) { resolver_.advance(now); }
  [[nodiscard]] Instant next_deadline() const { return resolver_.next_deadline(); }
  [[nodiscard]] std::uint32_t sockets() const { return open_; }

 private:
  struct Open {
    Handle<dns::Question> question;
    NetworkAddress server;
    QuerySocket socket;
    bool is_polled = false;  // the kernel has our request
  };
  static constexpr std::size_t room_octets = 4'096;  // more than EDNS lets a server send

  void send(Instant now, dns::SendQuery&& query);
  void poll(std::uint32_t slot);
  void close(std::uint32_t slot);
  [[nodiscard]] CompletionToken token(NamesOp op, std::uint32_t slot) const {
    return CompletionToken::of(op, slot, generations_[slot]);
  }

  Uring& uring_;
  dns::Resolver resolver_;
  std::pmr::vector<std::optional<Open>> sockets_;  // by question slot
  std::pmr::vector<std::uint32_t> generations_;    // of the sockets there
  std::pmr::vector<std::uint32_t> unpolled_;       // slots of sockets that go on, or are over
  std::uint32_t open_ = 0;
  std::array<char, room_octets> room_{};
};

}  // namespace sipring
