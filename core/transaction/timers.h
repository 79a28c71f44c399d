// Timers of transactions: RFC 3261 Table 4 (appendix A), with L and M of RFC 6026.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/core/transaction/detail/state.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sipring {

struct TimerSettings {
  Duration t1 = std::chrono::milliseconds(500);  // round-trip estimate
  Duration t2 = std::chrono::seconds(4);         // longest interval between retransmissions
  Duration t4 = std::chrono::seconds(5);         // longest life of a message in the network
  // Each wait before a retransmission is longer by a random part of itself, up to so many
  // thousandths: what started together does not go on together. 0: waits are the RFC's.
  std::uint32_t jitter_per_mille = 0;
};

// What no transaction can work with; empty when there is nothing.
[[nodiscard]] constexpr std::string_view problem_of(const TimerSettings& settings) {
  constexpr Duration longest = std::chrono::hours(1);
  if (settings.t1 <= Duration{}) return "T1 is not above zero";
  if (settings.t2 < settings.t1) return "T2 is less than T1";
  if (settings.t4 <= Duration{}) return "T4 is not above zero";
  if (settings.t2 > longest || settings.t4 > longest) return "T1, T2 or T4 is more than an hour";
  if (settings.jitter_per_mille > 1'000) return "jitter of more than 1000 thousandths";
  return {};
}

enum class Timer : std::uint8_t {
  none,
  a,           // INVITE request retransmission
  b,           // INVITE without a response; after a CANCEL, without a final one (section 9.1)
  c,           // proxied INVITE without a final response (section 16.6 item 11)
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
    case Timer::c: return Event::timer_c;
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
inline constexpr Duration timer_c_is_above = std::chrono::minutes(3);  // section 16.6 item 11

// The first duration of a timer; no_timer: never runs over this kind of transport. That of timer C
// is the transaction's own.
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
    case Timer::c:
    case Timer::none: break;
  }
  return no_timer;
}

// The wait after so many retransmissions: A doubles without end, E and G up to T2; E is T2 at once
// when a provisional response has come (section 17.1.2.2).
[[nodiscard]] constexpr Duration retransmission_interval(Timer timer, State state,
                                                         unsigned retransmissions,
                                                         const TimerSettings& settings) {
  constexpr unsigned beyond_64_t1 = 7;  // which is when B, F or H ends them
  if (timer == Timer::e && state == State::proceeding) return settings.t2;
  const Duration doubled = settings.t1 * (1 << std::min(retransmissions, beyond_64_t1));
  return timer == Timer::a ? doubled : std::min(doubled, settings.t2);
}

}  // namespace sipring
