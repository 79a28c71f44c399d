// TicketKeyChain: the keys that tickets are sealed with, one after the other. Each comes from a
// secret that goes when the next has been made of it, so whoever reads our memory today opens no
// ticket of yesterday. Shards that began with one secret have the same keys at the same time, and
// say nothing to each other.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/io/tls/ticket_keys.h>

#include <array>

namespace sipring {

using TicketSecret = std::array<unsigned char, 32>;

// A fresh one, from OpenSSL's generator. Throws std::bad_alloc when that has nothing to give.
[[nodiscard]] TicketSecret draw_ticket_secret();

class TicketKeyChain {
 public:
  // The first key is of `start`, which all shards agree on.
  TicketKeyChain(const TicketSecret& secret, Instant start);

  // Keys that are due by now.
  void advance(Instant now);
  [[nodiscard]] Instant next_deadline() const { return next_; }
  // Stays where it is.
  [[nodiscard]] const TicketKeys& keys() const { return keys_; }

 private:
  void add_key();

  TicketSecret secret_;
  Instant next_;
  TicketKeys keys_;
};

}  // namespace sipring
