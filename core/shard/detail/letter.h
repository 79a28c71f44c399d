// Letter: what one shard gives another to do. A message that came where its call does not live,
// word that one could not be delivered, or octets that are to leave by a connection of the other's.
//
// The octets are lent: they stay where they are, and their owner keeps them until the receipt
// comes. Buffers are counted by one shard without atomics, so no count ever crosses.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/flow.h>
#include <sipring/core/network_address.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// What of the sender's a letter borrows; the sender alone knows what the number means.
struct Loan {
  enum class Of : std::uint8_t {
    receive_buffer,  // octets as they came
    message,         // a pooled buffer that is to be sent
    stream_message,  // a copy of what came over a connection
  };
  Of of = Of::receive_buffer;
  std::uint32_t number = 0;
  friend bool operator==(const Loan&, const Loan&) = default;
};

struct Letter {
  enum class Kind : std::uint8_t {
    received,     // for the engine of its home
    undelivered,  // the start of something that was sent, out of an ICMP error
    transmit,     // to leave by `flow`, a connection of the addressee's
  };
  const char* octets = nullptr;
  std::uint32_t size = 0;
  Kind kind = Kind::received;
  Loan loan;
  Flow flow;
  Flow listener;           // as in Received
  NetworkAddress peer;     // who sent it, or who is to have it
  std::uint32_t lane = 0;  // as in Transmit

  [[nodiscard]] std::string_view bytes() const { return {octets, size}; }
};

// What becomes of a letter; its loan has ended with it.
struct Receipt {
  enum class Outcome : std::uint8_t { done, failed };  // failed: the octets have not left
  Loan loan;
  Outcome outcome = Outcome::done;
};

}  // namespace sipring
