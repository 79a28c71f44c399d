// SPDX-License-Identifier: MIT
#include "tests/simulation/timer_rules.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "tests/simulation/broken.h"

namespace sipring::simulation {
namespace {

struct Name {
  std::string_view name, text;
};
constexpr std::array<Name, std::to_underlying(RfcTimer::count)> names{{
    {"a", "Timer A (RFC 3261 section 17.1.1.2)"},
    {"b", "Timer B (RFC 3261 sections 17.1.1.2, 9.1)"},
    {"d", "Timer D (RFC 3261 section 17.1.1.2)"},
    {"e", "Timer E (RFC 3261 section 17.1.2.2)"},
    {"f", "Timer F (RFC 3261 section 17.1.2.2)"},
    {"g", "Timer G (RFC 3261 section 17.2.1)"},
    {"h", "Timer H (RFC 3261 section 17.2.1)"},
    {"i", "Timer I (RFC 3261 section 17.2.1)"},
    {"j", "Timer J (RFC 3261 section 17.2.2)"},
    {"k", "Timer K (RFC 3261 section 17.1.2.2)"},
    {"l", "Timer L (RFC 6026 section 8.7)"},
    {"m", "Timer M (RFC 6026 section 8.4)"},
    {"trying", "the 100 of a silent user (RFC 3261 section 17.2.1, RFC 4320 section 4.1)"},
    {"unanswered", "the end of an unanswered request (RFC 4320 section 4.2)"},
}};

using std::chrono::milliseconds;
using std::chrono::seconds;

bool is_invite(const History& history) {
  return history.role == Role::invite_client || history.role == Role::invite_server;
}

bool is_client(const History& history) {
  return history.role == Role::invite_client || history.role == Role::client;
}

}  // namespace

std::string_view to_string(RfcTimer timer) {
  return names[std::to_underlying(timer)].text;
}

void broken(RfcTimer timer, std::string_view how) {
  broken(std::string(to_string(timer)) + " " + std::string(how));
}

std::optional<RfcTimer> timer_from(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i].name == name) return static_cast<RfcTimer>(i);
  return std::nullopt;
}

Duration TimerRules::taking(RfcTimer timer, Duration duration) const {
  if (values_.wrong != timer) return duration;
  return values_.is_less ? duration - duration / 8 : duration + duration / 8;
}

// "The amount of time it takes a client transaction's Timer E to be reset to T2."
Duration TimerRules::until_retransmissions_are_t2_apart() const {
  Duration elapsed{};
  for (Duration wait = values_.t1; wait < values_.t2; wait = 2 * wait) elapsed += wait;
  return elapsed;
}

std::optional<Due> TimerRules::next_sending(const History& history) const {
  switch (history.role) {
    case Role::invite_client:
      if (history.is_reliable || history.provisional || history.final) return std::nullopt;
      return after(RfcTimer::a, history.sent, history.interval);
    case Role::client:
      if (history.is_reliable || history.final) return std::nullopt;
      return after(RfcTimer::e, history.sent, history.interval);
    case Role::invite_server:
      if (history.status >= 300 && !history.acknowledged && !history.is_reliable)
        return after(RfcTimer::g, history.sent, history.interval);
      if (history.provisional || history.final || history.tried) return std::nullopt;
      return after(RfcTimer::trying, history.begun, milliseconds(200));
    case Role::server:
      if (history.provisional || history.final || history.tried) return std::nullopt;
      return after(RfcTimer::trying, history.begun, until_retransmissions_are_t2_apart());
  }
  std::unreachable();
}

std::optional<Due> TimerRules::end(const History& history) const {
  return is_client(history) ? end_of_client(history) : end_of_server(history);
}

std::optional<Due> TimerRules::end_of_client(const History& history) const {
  const Duration patience = 64 * values_.t1;
  if (history.role == Role::client) {
    return history.final ? unless_reliable(history, RfcTimer::k, *history.final, values_.t4)
                         : after(RfcTimer::f, history.begun, patience);
  }
  if (history.final && history.status < 300) return after(RfcTimer::m, *history.final, patience);
  if (history.final) {  // as long as the server's Timer H may be, of which the client knows nothing
    const Duration wait = std::max<Duration>(patience, seconds(32));
    return unless_reliable(history, RfcTimer::d, *history.final, wait);
  }
  if (history.cancelled) return after(RfcTimer::b, *history.cancelled, patience);
  if (history.provisional) return std::nullopt;  // it may ring
  return after(RfcTimer::b, history.begun, patience);
}

std::optional<Due> TimerRules::end_of_server(const History& history) const {
  const Duration patience = 64 * values_.t1;
  if (history.role == Role::server) {
    return history.final ? unless_reliable(history, RfcTimer::j, *history.final, patience)
                         : after(RfcTimer::unanswered, history.begun, patience);
  }
  if (!history.final) return std::nullopt;  // its user decides
  if (history.status < 300 && !history.acknowledged) {
    return after(RfcTimer::l, *history.final, patience);
  }
  if (!history.acknowledged) return after(RfcTimer::h, *history.final, patience);
  return unless_reliable(history, RfcTimer::i, *history.acknowledged, values_.t4);
}

// Three retransmissions and a T1 more: of a peer that has just begun, or whose waits are T2
// already.
Duration TimerRules::memory_of(const History& history) const {
  if (values_.remember_at_least) return *values_.remember_at_least;
  constexpr Duration rounding = std::chrono::microseconds(10);
  const bool is_late =
      history.role == Role::server && *history.final - history.begun >= values_.t1 + rounding;
  if (is_late) return 3 * values_.t2 + values_.t1;
  Duration memory = values_.t1;
  for (const int doubled : {1, 2, 4}) memory += std::min(doubled * values_.t1, values_.t2);
  return memory;
}

std::optional<Instant> TimerRules::forgettable(const History& history) const {
  const bool is_other = history.role != Role::invite_server;
  if (values_.remember_at_least == Duration::max()) return std::nullopt;
  if (!is_other && history.acknowledged) return *history.acknowledged + memory_of(history);
  if (is_other && history.final) return *history.final + memory_of(history);
  return std::nullopt;
}

void TimerRules::start_sending(History& history, Instant now) const {
  history.sent = now;
  history.interval = values_.t1;
}

void TimerRules::sent_again(History& history, Instant now) const {
  history.sent = now;
  history.interval = 2 * history.interval;
  if (history.role == Role::invite_client) return;  // Timer A has no bound
  const bool is_slow = !is_invite(history) && history.provisional;
  history.interval = is_slow ? values_.t2 : std::min(history.interval, values_.t2);
}

}  // namespace sipring::simulation
