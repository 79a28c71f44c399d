// What a request within a dialog meets there, and what we may send ourselves: RFC 3261 section
// 14.2, RFC 3311 sections 4 and 5.2, RFC 3262 section 5, RFC 6141 section 3.5. Here the tables of a
// call come together; tests walk it whole.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/states.h>
#include <sipring/core/message/names.h>

#include <cstdint>

namespace sipring {

struct Circumstances {
  InviteState invite = InviteState::none;
  Exchange exchange = Exchange::agreed;
  bool update_received = false;  // theirs has no final response yet
  bool update_sent = false;      // ours has none
};

enum class Verdict : std::uint8_t {
  serve,
  glare,  // 491: ours is open
  later,  // 500 with Retry-After: theirs is open
};

[[nodiscard]] constexpr bool is_ours(InviteState invite) {
  return invite == InviteState::calling || invite == InviteState::proceeding ||
         invite == InviteState::cancelling || invite == InviteState::acknowledging;
}

// The same before its final response.
[[nodiscard]] constexpr bool awaits_response(InviteState invite) {
  return is_ours(invite) && invite != InviteState::acknowledging;
}

// Of an offer, wherever it comes in.
[[nodiscard]] constexpr Verdict verdict_on_offer(Exchange exchange) {
  switch (exchange) {
    case Exchange::local_offer: return Verdict::glare;
    case Exchange::remote_offer:
    case Exchange::none: return Verdict::later;  // the first exchange is the INVITE's
    case Exchange::agreed: break;
  }
  return Verdict::serve;
}

// `has_offer`: the body is an offer; an answer in a PRACK is none. For an INVITE without one we
// would have to make one.
[[nodiscard]] constexpr Verdict verdict(const Circumstances& at, Method method, bool has_offer) {
  switch (method) {
    case Method::invite:
      if (is_ours(at.invite)) return Verdict::glare;
      if (at.invite == InviteState::received) return Verdict::later;
      if (at.update_received) return Verdict::later;
      return verdict_on_offer(at.exchange);
    case Method::update:
      if (at.update_received) return Verdict::later;
      return has_offer ? verdict_on_offer(at.exchange) : Verdict::serve;
    case Method::prack: return has_offer ? verdict_on_offer(at.exchange) : Verdict::serve;
    default: return Verdict::serve;
  }
}

// How a new offer of ours can go now.
enum class Way : std::uint8_t { wait, update, invite };

// `confirmed`: the dialog has its 2xx, and the ACK is not owed. Within an early dialog there is
// UPDATE only (RFC 3311 section 4), and only where the far side allows it.
[[nodiscard]] constexpr Way way_of_offer(const Circumstances& at, bool confirmed,
                                         bool peer_takes_update) {
  if (at.exchange != Exchange::agreed || at.update_sent || at.update_received) return Way::wait;
  if (confirmed && at.invite == InviteState::none) return Way::invite;
  const bool early = !confirmed && at.invite != InviteState::cancelling;
  return early && peer_takes_update ? Way::update : Way::wait;
}

}  // namespace sipring
