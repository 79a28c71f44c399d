// When the timers of a transaction are due, by the text of RFC 3261 section 17 and Table 4, RFC
// 6026 and RFC 4320: a function of what has been seen of the transaction, without states or tables.
// It shares nothing with core/transaction, so that each can find the other's mistakes.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::simulation {

enum class RfcTimer : std::uint8_t {
  a,
  b,
  d,
  e,
  f,
  g,
  h,
  i,
  j,
  k,
  l,
  m,
  trying,      // the 100 that is owed when the user is silent
  unanswered,  // the end of a request whose client has given up
  count,
};
// "Timer G (RFC 3261 section 17.2.1)"
[[nodiscard]] std::string_view to_string(RfcTimer timer);
// By its letter, "trying" or "unanswered".
[[nodiscard]] std::optional<RfcTimer> timer_from(std::string_view name);

enum class Role : std::uint8_t { invite_client, client, invite_server, server };

// What somebody sees of a transaction who stands between it, its peer and its user.
struct History {
  Role role = Role::server;
  bool is_reliable = false;
  Instant begun{};                       // the request went out, or came
  Instant sent{};                        // the last time that a timer sent something, or may first
  Duration interval{};                   // from there to the next time
  std::optional<Instant> provisional{};  // the first one
  std::optional<Instant> final{};
  int status = 0;                         // of the final response
  std::optional<Instant> acknowledged{};  // INVITE server: the ACK for a 300 to 699, or
                                          // its user has told of that for a 2xx
  std::optional<Instant> cancelled{};  // INVITE client: from here on it may be cancelled, and is to
  bool tried = false;                  // the 100 has had its time
};

// Reports to its user; the others end a transaction in silence.
[[nodiscard]] constexpr bool gives_up(RfcTimer timer) {
  return timer == RfcTimer::b || timer == RfcTimer::f || timer == RfcTimer::h ||
         timer == RfcTimer::unanswered;
}
// An invariant that does not hold: "Timer G (RFC 3261 section 17.2.1) sends too early".
[[noreturn]] void broken(RfcTimer timer, std::string_view how);

struct Due {
  RfcTimer timer = RfcTimer::a;
  Instant at{};
};

class TimerRules {
 public:
  struct Values {
    Duration t1{}, t2{}, t4{};
    // A canary: this timer is believed to take an eighth longer, or less.
    std::optional<RfcTimer> wrong;
    bool is_less = false;
    std::optional<Duration> remember_at_least{};
  };
  explicit TimerRules(const Values& values) : values_(values) {}

  // The next time that something must be sent without a message or a user asking for it.
  [[nodiscard]] std::optional<Due> next_sending(const History& history) const;
  // When the transaction must end.
  [[nodiscard]] std::optional<Due> end(const History& history) const;

  // From when on it may be forgotten to make room: nullopt: never, more is to come than what has
  // come before.
  [[nodiscard]] std::optional<Instant> forgettable(const History& history) const;

  // The first message went out, or a final response of an INVITE server.
  void start_sending(History& history, Instant now) const;
  // A timer has sent something.
  void sent_again(History& history, Instant now) const;

 private:
  [[nodiscard]] Duration taking(RfcTimer timer, Duration duration) const;
  [[nodiscard]] Due after(RfcTimer timer, Instant from, Duration duration) const {
    return {timer, from + taking(timer, duration)};
  }
  [[nodiscard]] Due unless_reliable(const History& history, RfcTimer timer, Instant from,
                                    Duration duration) const {
    return history.is_reliable ? Due{timer, from} : after(timer, from, duration);
  }
  [[nodiscard]] Duration until_retransmissions_are_t2_apart() const;
  [[nodiscard]] Duration memory_of(const History& history) const;
  [[nodiscard]] std::optional<Due> end_of_client(const History& history) const;
  [[nodiscard]] std::optional<Due> end_of_server(const History& history) const;

  Values values_;
};

}  // namespace sipring::simulation
