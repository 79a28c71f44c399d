// Callee: the called side of a load generator: takes the calls that come to its phones, and counts
// them (RFC 3261 section 13.3).
//
//   INVITE ──▶ 180 ──so long──▶ 200 ──ACK──▶ talking ──BYE──▶ completed
//                 └──CANCEL──▶ 487, cancelled
//
// What comes within these dialogs is answered: re-INVITE and UPDATE by the answer to their offer.
// SPDX-License-Identifier: MIT
#pragma once

#include <answer/rejection.h>
#include <answer/sdp_answer.h>
#include <load/phone_tally.h>
#include <load/registrations.h>
#include <load/requests.h>
#include <load/session.h>

#include <sipring/core/call/calls.h>
#include <sipring/core/transaction/timer_wheel.h>
#include <sipring/pools/pool.h>

#include <cstdint>
#include <expected>
#include <memory_resource>
#include <string_view>
#include <vector>

namespace sipring::app {

struct CalleeOptions {
  std::uint32_t calls = 1'024;  // at once; the next INVITE gets 503
  Duration rings{};             // before it answers
  TimerSettings timers = {};    // as the engine's
  ShardMark mark = {};          // the same
};

class Callee {
 public:
  // All of them outlive this. `sessions`: of the calls that may come back to us.
  struct Parts {
    const Requests& requests;
    const Registrations& registrations;
    Pool<Session>& sessions;
    PhoneTally& tally;
  };
  Callee(const CalleeOptions& options, const Parts& parts, const Entropy& entropy,
         std::pmr::memory_resource& memory);

  // Every output of the engine that the calling side does not want.
  Fate take(const Moment& moment, const Output& output);
  void advance(const Moment& moment);
  [[nodiscard]] Instant next_deadline() const;
  // BYE to those that talk; no further ones.
  void end_all(const Moment& moment);
  [[nodiscard]] bool is_idle() const { return calls_.alive() == 0; }

 private:
  struct Incoming {
    Instant arrived = {};
    std::uint64_t session = 0;  // of our descriptions
    std::uint32_t version = 1;
    bool is_answered = false;
    bool is_acknowledged = false;
  };

  void take_events(const Moment& moment);
  void on(const Moment& moment, const IncomingCall& event);
  void on(const Moment& moment, const Offered& event);
  void on(const Moment& moment, const Requested& event);
  void on(const Moment& moment, const Ended& event);
  template <class Other>
  void on(const Moment&, const Other&) {}
  void on_acknowledged(const Moment& moment, Handle<Call> call);
  void accept(const Moment& moment, Handle<Call> call);
  void count_arrival(Instant now, std::uint32_t phone, std::string_view call_id);
  // The answer to it, or an offer where it is empty; valid until the next call. The error: how it
  // is refused.
  std::expected<std::string_view, Rejection> describe(Handle<Call> call, std::string_view offer);
  std::expected<void, SdpError> write_description(const Incoming& incoming, std::string_view offer);

  CalleeOptions options_;
  Parts parts_;
  Calls calls_;
  TimerWheel rings_;  // by call slot
  std::pmr::vector<Incoming> incoming_;
  std::uint64_t last_session_ = 0;
  SdpText description_;
  const RequestReceived* request_ = nullptr;  // that is being handled
};

}  // namespace sipring::app
