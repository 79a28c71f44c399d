// Sending: one request on its way, its targets in turn, and what became of each (RFC 3263 section
// 4.3). A Sender owns it.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dns/detail/question.h>
#include <sipring/core/flow.h>
#include <sipring/core/routing/destination.h>
#include <sipring/core/routing/target_search.h>
#include <sipring/core/transaction/detail/transaction.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/detail/list.h>
#include <sipring/pools/handle.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

enum class AttemptEnd : std::uint8_t {
  open,              // no failure: it is on its way, or has been answered
  timed_out,         // no response at all (timer B or F)
  transport_failed,  // ICMP, a connection that could not be made or broke
  unavailable,       // 503
  no_way,            // we have nothing to send from to such an address
  overloaded,        // the target asks for less (RFC 7339)
};
[[nodiscard]] std::string_view to_string(AttemptEnd end);

struct Attempt {
  NetworkAddress target;
  Handle<Transaction> transaction = {};  // null: it came to none
  AttemptEnd end = AttemptEnd::open;
};

struct Sending {
  static constexpr std::size_t most_attempts = 8;

  List<Sending>::Link link;                 // of those that ended without an output of the engine
  Ref<Buffer> kept;                         // the request; null when it has its final response
  Destination destination;                  // its host is in `kept`
  std::uint64_t seed = 0;                   // of the choice by weight
  std::optional<TargetSearch> search = {};  // as soon as what is known does not do
  std::optional<NetworkAddress> known =
      {};  // tried without a search, which will come upon it again
  std::uint64_t attached = 0;
  std::uint32_t connection = 0;  // of those to a target, side by side
  // Of the last attempt, about which alone the user hears; null when nothing more is to be heard.
  Handle<Transaction> transaction = {};
  std::uint8_t alive = 0;           // transactions of its attempts that have not terminated
  Handle<dns::Waiter> waiter = {};  // while the name servers are asked
  std::array<Attempt, most_attempts> attempts = {};
  std::uint8_t attempt_count = 0;
  bool answered = false;       // by the last attempt's target: a timeout is none of section 4.3
  bool may_fall_back = false;  // to UDP, which it would have gone by but for its size (18.1.1)
  bool cancelled = false;      // it goes to no other target
  bool is_told = false;        // that it is over
  NoTarget reason = NoTarget::all_tried;
  std::uint32_t slot = 0;  // in the pool
};

}  // namespace sipring
