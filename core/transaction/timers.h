// Timers of transactions: RFC 3261 Table 4 (appendix A), with L and M of RFC 6026.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/core/transaction/state.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace sipring {

struct TimerSettings {
  Duration t1 = std::chrono::milliseconds(500);  // round-trip estimate
  Duration t2 = std::chrono::seconds(4);         // longest interval between retransmissions
  Duration t4 = std::chrono::seconds(5);         // longest life of a message in the network
};

enum class Timer : std::uint8_t {
  none,
  a,           // INVITE request retransmission
  b,           // INVITE without a response; after a CANCEL, without a final one (section 9.1)
  d,           // wait for retransmitted responses
  e,           // non-INVITE request retransmission
  f,           // non-INVITE without a final response
  g,           // INVITE response retransmission
  h,           // wait for the ACK
  i,           // wait for retransmitted ACKs
  j,           // wait for retransmitted requests
  k,           // wait for retransmitted responses
  l,           // wait for retransmitted INVITEs after a 2xx (RFC 6026)
  m,           // wait for retransmitted or forked 2xx (RFC 6026)
  trying,      // 100 when the user is silent: sections 17.2.1, RFC 4320 section 4.1
  unanswered,  // a non-INVITE request that the user never answers: its client has given up (RFC
               // 4320 section 4.2)
};

// A state has at most one timer of each kind.
struct StateTimers {
  Timer retransmission = Timer::none;  // a, e, g: repeats while its state lasts; trying: once
  Timer lifetime = Timer::none;
};

[[nodiscard]] constexpr Event event_of(Timer timer) {
  switch (timer) {
    case Timer::a: return Event::timer_a;
    case Timer::b: return Event::timer_b;
    case Timer::d: return Event::timer_d;
    case Timer::e: return Event::timer_e;
    case Timer::f: return Event::timer_f;
    case Timer::g: return Event::timer_g;
    case Timer::h: return Event::timer_h;
    case Timer::i: return Event::timer_i;
    case Timer::j: return Event::timer_j;
    case Timer::k: return Event::timer_k;
    case Timer::l: return Event::timer_l;
    case Timer::m: return Event::timer_m;
    case Timer::trying: return Event::timer_trying;
    case Timer::unanswered: return Event::timer_unanswered;
    case Timer::none: break;
  }
  std::unreachable();  // nothing runs under this name
}

// Repeats with a growing interval while its state lasts.
[[nodiscard]] constexpr bool repeats(Timer timer) {
  return timer == Timer::a || timer == Timer::e || timer == Timer::g;
}

// How long after the request a client's Timer E has grown to T2: a silent server owes a 100 then
// (RFC 4320 section 4.1).
[[nodiscard]] constexpr Duration until_timer_e_is_t2(const TimerSettings& settings) {
  Duration elapsed{}, interval = settings.t1;
  for (; interval < settings.t2; interval *= 2) elapsed += interval;
  return elapsed;
}

inline constexpr Duration no_timer = Duration::max();

// The first duration of a timer; no_timer: never runs over this kind of transport.
[[nodiscard]] constexpr Duration duration(Timer timer, bool invite, bool reliable,
                                          const TimerSettings& settings) {
  constexpr Duration at_least_32_s = std::chrono::seconds(32);
  constexpr Duration trying_within = std::chrono::milliseconds(200);
  const Duration zero{};
  switch (timer) {
    case Timer::a:
    case Timer::e: return reliable ? no_timer : settings.t1;
    case Timer::g: return reliable ? no_timer : settings.t1;
    case Timer::b:
    case Timer::f:
    case Timer::h:
    case Timer::l:
    case Timer::m:
    case Timer::unanswered: return 64 * settings.t1;
    case Timer::d: return reliable ? zero : std::max(at_least_32_s, 64 * settings.t1);
    case Timer::i:
    case Timer::k: return reliable ? zero : settings.t4;
    case Timer::j: return reliable ? zero : 64 * settings.t1;
    case Timer::trying: return invite ? trying_within : until_timer_e_is_t2(settings);
    case Timer::none: break;
  }
  return no_timer;
}

// The interval after one of `interval`: A doubles without end, E and G up to T2; E is T2 at once
// when a provisional response has come (section 17.1.2.2).
[[nodiscard]] constexpr Duration next_interval(Timer timer, State state, Duration interval,
                                               const TimerSettings& settings) {
  if (timer == Timer::a) return 2 * interval;
  if (timer == Timer::e && state == State::proceeding) return settings.t2;
  return std::min(2 * interval, settings.t2);
}

}  // namespace sipring
