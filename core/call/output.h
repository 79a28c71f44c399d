// What calls tell their user: RFC 3261 sections 12 to 15. Of each call exactly one Ended comes, and
// nothing after it.
//
// Lifetime: views and messages live until the next input of Calls or of the engine.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/states.h>
#include <sipring/core/dialog/detail/history.h>
#include <sipring/core/message/message.h>
#include <sipring/core/time.h>
#include <sipring/core/transaction/detail/transaction.h>
#include <sipring/pools/handle.h>

#include <cstdint>
#include <string_view>
#include <variant>

namespace sipring {

struct Call;

// An INVITE has come: ring(), accept() or reject() it.
struct IncomingCall {
  Handle<Call> call;
  const Message* invite = nullptr;
  std::string_view offer;  // empty: it has none, and accept() makes one
};

struct StateChanged {
  Handle<Call> call;
  std::uint64_t attached = 0;
  CallState state = CallState::init;
  Passage passage;  // its event is a CallEvent
};

// A provisional response to our INVITE.
struct Ringing {
  Handle<Call> call;
  std::uint64_t attached = 0;
  std::uint16_t status = 0;
  const Message* response = nullptr;
  std::string_view early;   // a description: a preview, or the answer where it came reliably
  std::uint8_t branch = 0;  // 1, 2 ... in the order in which the places that ring were heard of
};

// Our INVITE was sent elsewhere (RFC 3261 section 8.1.3.4): follow() it to where the target
// resolves, or refuse() it, and the next one comes, or Ended.
struct Redirected {
  Handle<Call> call;
  std::uint64_t attached = 0;
  std::uint16_t status = 0;
  std::string_view target;            // the URI of a Contact
  const Message* response = nullptr;  // null: the one before has failed without
  Instant until = never;
};

// Both descriptions are known, for the first time or after a change.
struct Established {
  Handle<Call> call;
  std::uint64_t attached = 0;
  std::string_view local, remote;
};

// A new description for a call, or the wish for one of ours: answer() or refuse() it. What waits
// beyond CallSettings::answer_within is refused inside.
struct Offered {
  Handle<Call> call;
  std::uint64_t attached = 0;
  std::string_view offer;  // empty: answer() with an offer of ours (RFC 3261 section 14.2)
  Instant until = never;
};

// An offer of ours was refused: the session is as before.
struct OfferFailed {
  Handle<Call> call;
  std::uint64_t attached = 0;
  std::uint16_t status = 0;
  const Message* response = nullptr;
};

// INFO, MESSAGE and the like within the dialog: Engine::respond() with its transaction.
struct Requested {
  Handle<Call> call;
  std::uint64_t attached = 0;
  Handle<Transaction> transaction;
  const Message* request = nullptr;
};

// A response to Calls::request(); null: none came in time.
struct Replied {
  Handle<Call> call;
  std::uint64_t attached = 0;
  std::uint16_t status = 0;
  const Message* response = nullptr;
};

enum class EndedBy : std::uint8_t {
  local,           // end() or reject()
  remote,          // their BYE or CANCEL
  refused,         // their final response to our INVITE: `status`
  timed_out,       // nobody answered: our INVITE, or theirs by its Expires
  lost,            // 408, 481 or nothing to a request within the dialog
  unacknowledged,  // no ACK for a 2xx, or no PRACK, 64*T1 long
  undescribed,     // an offer without an answer
  expired,         // the session timer (RFC 4028 section 10)
  no_room,         // memory of our own was used up
};
[[nodiscard]] std::string_view to_string(EndedBy by);

struct Ended {
  Handle<Call> call;  // stale by now
  std::uint64_t attached = 0;
  EndedBy by = EndedBy::local;
  std::uint16_t status = 0;          // of the final response that ended it, 0: none did
  const Message* message = nullptr;  // that did it: BYE or response, with its Reason; null: none
  Duration lasted{};                 // since it was established; zero: it never was
};

using CallOutput = std::variant<IncomingCall, StateChanged, Ringing, Redirected, Established,
                                Offered, OfferFailed, Requested, Replied, Ended>;

}  // namespace sipring
