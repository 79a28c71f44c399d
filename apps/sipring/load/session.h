// Session: one call, or one request outside of a dialog, of a load generator; and the texts by
// which the far side names it.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/auth/digest_client.h>
#include <sipring/core/dialog/dialog.h>
#include <sipring/core/flow.h>
#include <sipring/core/network_address.h>
#include <sipring/core/time.h>
#include <sipring/pools/fixed_text.h>
#include <sipring/pools/handle.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {
struct Transaction;
}  // namespace sipring

namespace sipring::app {

enum class Scenario : std::uint8_t {
  options,
  register_,
  call,
  hold,        // a call that is held and resumed by re-INVITE
  registered,  // phones register, and call each other
  called,      // phones register, and take the calls that come
};
[[nodiscard]] constexpr bool is_call(Scenario scenario) {
  return scenario >= Scenario::call;
}
[[nodiscard]] constexpr bool has_phones(Scenario scenario) {
  return scenario >= Scenario::registered;
}

struct Session {
  enum class Phase : std::uint8_t {
    requesting,  // OPTIONS, REGISTER or INVITE sent
    talking,     // a call that has been answered and acknowledged
    changing,    // re-INVITE sent
    ending,      // BYE sent
  };
  Phase phase = Phase::requesting;
  bool has_rung = false;
  std::uint32_t cseq = 1;      // of the last request but ACK
  DigestAttempt attempt = {};  // what that request has been asked
  Instant due = {};            // when it was to begin
  Instant bye_sent = {};
  NetworkAddress peer = {};      // who answered
  std::uint32_t connection = 0;  // which of several to the target (load/way.h)
  Flow flow = {};                // it, as soon as it is known
  std::uint8_t changes = 0;      // re-INVITEs that have been answered
  std::uint32_t callee = 0;      // of a call between phones: whom; `connection` says who
  Dialog dialog = {};            // from the 2xx on
};

// "run-shard-slot-generation": the start of a Call-ID of ours, from which the session of a request
// of the far side is found again.
struct SessionNames {
  std::uint64_t run = 0;  // drawn once for a run
  std::uint32_t shard = 0;

  // So many octets always: messages of one size go in one piece.
  static constexpr std::size_t length = 16 + 3 * 9;
  void put(char* to, Handle<Session> session) const;  // `length` octets
  template <std::size_t Capacity>
  void write(FixedText<Capacity>& text, Handle<Session> session) const {
    if (char* const to = text.extend(length)) put(to, session);
  }
  [[nodiscard]] std::optional<Handle<Session>> session_of(std::string_view call_id) const;
};

}  // namespace sipring::app
