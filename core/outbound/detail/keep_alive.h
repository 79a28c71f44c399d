// KeepAlive: when a flow's keep-alives are due, and when their answer has failed to come (RFC 5626
// section 4.4, RFC 6223). One for each flow; keep_alives.h has them.
//
//   idle ──start──▶ waiting ──due──▶ pinged ──pong──▶ waiting
//                                      └──10 s──▶ failed
//
// Over a stream a ping is CRLF CRLF and its pong CRLF. Over UDP it is CRLF CRLF too, as many
// servers know it, and has no pong: that such a flow has failed is for the network to say (the STUN
// of section 4.4.2 is not here).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/via_connection.h>
#include <sipring/core/message/message.h>
#include <sipring/core/network_address.h>
#include <sipring/core/time.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// What a response agreed to.
struct KeepAliveTerms {
  bool wanted = false;    // pings are expected
  Duration at_most = {};  // between two of them; 0: as one likes
};
// Of a REGISTER's 2xx, or a response that made a dialog: a "keep" with a value in our Via (RFC 6223
// section 4.3), or Flow-Timer beside an outbound in Require (RFC 5626 section 4.4).
[[nodiscard]] KeepAliveTerms keep_alive_terms(const Message& response);

// Where nothing is recommended: drawn anew for each.
struct KeepAliveSettings {
  struct Interval {
    Duration least, most;
  };
  Interval by_stream = {std::chrono::seconds(95), std::chrono::seconds(120)};
  Interval by_udp = {std::chrono::seconds(24), std::chrono::seconds(29)};
  Duration pong_within = std::chrono::seconds(10);
};

class KeepAlive {
 public:
  static constexpr std::string_view ping = "\r\n\r\n";

  // `seed` decides the jitter.
  KeepAlive(const KeepAliveSettings& settings, Transport transport, std::uint64_t seed);

  // Of the last start.
  [[nodiscard]] const KeepAliveTerms& terms() const { return terms_; }
  // Whether these ask for them more often than it is done.
  [[nodiscard]] bool is_rarer_than(const KeepAliveTerms& terms) const {
    return terms.at_most != Duration{} && terms.at_most < interval_.most;
  }
  // From now on, or by other terms than before. Terms that want none stop it.
  void start(Instant now, const KeepAliveTerms& terms);
  void stop() {
    state_ = State::idle;
    deadline_ = never;
  }
  // CRLF has come between messages.
  void pong(Instant now);

  enum class Due : std::uint8_t { nothing, ping, failed };
  // `ping`: it is to be sent now. `failed`: once; the flow is of no use any more.
  [[nodiscard]] Due advance(Instant now);
  [[nodiscard]] Instant next_deadline() const { return deadline_; }

 private:
  enum class State : std::uint8_t { idle, waiting, pinged };
  void wait(Instant now);

  KeepAliveSettings settings_;
  Transport transport_;
  std::uint64_t random_;
  State state_ = State::idle;
  KeepAliveTerms terms_{};
  KeepAliveSettings::Interval interval_{};
  Instant deadline_ = never;
};

}  // namespace sipring
