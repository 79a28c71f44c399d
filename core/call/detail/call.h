// A call: its dialog, its session, and what is open in them. Calls moves it; nobody else writes
// here.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/detail/verdict.h>
#include <sipring/core/call/output.h>
#include <sipring/core/call/states.h>
#include <sipring/core/dialog/detail/history.h>
#include <sipring/core/dialog/dialog.h>
#include <sipring/core/sending/detail/sending.h>
#include <sipring/core/time.h>
#include <sipring/core/transaction/detail/transaction.h>
#include <sipring/pools/buffer.h>
#include <sipring/pools/handle.h>

#include <cstdint>

namespace sipring {

// The descriptions of one dialog. A fork has its own (RFC 3261 section 13.2.2.4).
struct SessionDescriptions {
  Ref<Buffer> local, remote;  // agreed
  Ref<Buffer> offer;          // open, of either side
  Exchange exchange = Exchange::none;
};

// One dialog of a call and its session.
struct Leg {
  Dialog dialog;
  SessionDescriptions session;
  std::uint32_t remote_rseq = 0;  // of the last reliable provisional response in order; 0: none
};

// An early dialog of our INVITE, or one whose 2xx came second. A list through the pool.
struct Fork {
  Leg leg;
  std::uint32_t next = no_fork;
  std::uint8_t branch = 0;
  static constexpr std::uint32_t no_fork = ~0U;
};

// What the user has been asked for a description for.
enum class Asked : std::uint8_t {
  nothing,
  invite,  // a re-INVITE
  update,
  prack,
  ack,          // the 2xx to our INVITE has an offer
  our_prack,    // a reliable provisional response has one
  redirection,  // where the next target is
};

// T1, 2 T1, 4 T1 ... 32 T1: with the sixth repetition 63 T1 are over, and the time of RFC 3261
// section 13.3.1.4 nearly.
inline constexpr std::uint8_t repeats_within_64_t1 = 6;

// What is to be sent when its time has come.
enum class Wanted : std::uint8_t { nothing, offer, no_offer, refresh, accept };

struct Call {
  Leg leg;  // of a call of ours without a 2xx: what its INVITE is sent from
  History history;
  std::uint64_t attached = 0;
  LongBeginning begun;
  LongBeginning established;
  Ref<Buffer> wanted_description;
  Handle<Sending> sending;           // of our INVITE while the Sender chooses where it goes
  Handle<Transaction> first_invite;  // ours, as long as forks of it may come
  Handle<Transaction> invite;        // that is open
  Handle<Transaction> change;        // of ours: UPDATE, probe or BYE
  Handle<Transaction> asked_of;      // of theirs: UPDATE or PRACK that waits for our answer
  std::uint32_t invite_cseq = 0;
  std::uint32_t acked_cseq = 0;  // of the last INVITE of ours that has an ACK
  std::uint32_t rseq = 0;        // of our last reliable provisional response
  std::uint32_t session_expires = 0;
  std::uint32_t min_se = 0;
  std::uint32_t first_fork = Fork::no_fork;
  std::uint32_t asked_fork = Fork::no_fork;  // whose description is asked for; none: the leg's
  std::uint16_t provisional = 0;             // status of our last one; a reliable one is repeated
  std::uint16_t next_provisional = 0;        // waits for the PRACK of the last one; 0: none
  std::uint16_t end_status = 0;              // for Ended, once the BYE has its response
  std::uint8_t repeats = 0;
  std::uint8_t forks = 0;
  CallState state = CallState::init;
  InviteState invite_state = InviteState::none;
  Reliable reliable = Reliable::none;
  SessionTimer session_timer = SessionTimer::off;
  Asked asked = Asked::nothing;
  Wanted wanted = Wanted::nothing;
  SessionTimerEvent chosen = SessionTimerEvent::agreed_none;  // for the 2xx to their request
  EndedBy end_reason = EndedBy::local;
  std::uint8_t attempts = 0;  // of the INVITE: after 422, 420 ...
  bool is_caller : 1 = false;
  bool is_lessened : 1 = false;     // its INVITE has gone again in a lesser form
  bool confirmed : 1 = false;       // a 2xx
  bool ack_has_answer : 1 = false;  // to be sent again as it was
  bool provisional_has_body : 1 = false;
  bool provisional_is_reliable : 1 = false;
  bool refresh_begun : 1 = false;  // and not answered yet
  bool update_sent : 1 = false;
  bool hang_up_wanted : 1 = false;  // BYE as soon as the ACK has come
  bool owes_failure : 1 = false;    // of the INVITE: no room for its final response
  bool owes_bye : 1 = false;        // no room for it
  bool peer_takes_update : 1 = false;
  bool peer_takes_reliable : 1 = false;
  bool peer_needs_reliable : 1 = false;
  bool peer_takes_timer : 1 = false;
  bool awaits_offer : 1 = false;  // our INVITE has none, nor has one come yet
  bool probing : 1 = false;       // `change` asks only whether they are there
  bool refreshing : 1 = false;    // `change` or `invite` is a refresh of the session
  bool restores : 1 = false;      // should our re-INVITE fail: back to `wanted_description`

  [[nodiscard]] Circumstances circumstances() const {
    return {.invite = invite_state,
            .exchange = leg.session.exchange,
            .update_received = asked == Asked::update,
            .update_sent = update_sent};
  }
};
static_assert(sizeof(Call) + 8 + 3 * 16 <= 352);  // with its pool slot and three timers

}  // namespace sipring
