// Registrations: the phones of a load generator as their registrar knows them: each has an address
// of record and, over streams, a connection of its own (RFC 3261 section 10).
//
//   unregistered ──▶ registering ──2xx──▶ registered ──remove_all()──▶ removing ──▶ removed
//      ▲   ▲             │  ▲                │  │
//      │   └──no 2xx─────┘  └─soon expired───┘  │
//      └───────────connection gone──────────────┘
//
// What was refused, or has lost its connection, waits as RFC 5626 section 4.5 says, and tries
// again.
// SPDX-License-Identifier: MIT
#pragma once

#include <load/phone_tally.h>
#include <load/requests.h>

#include <sipring/core/connection/connections.h>
#include <sipring/core/engine.h>
#include <sipring/core/output.h>
#include <sipring/core/transaction/timer_wheel.h>
#include <sipring/pools/random.h>

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <vector>

namespace sipring::app {

struct RegistrationOptions {
  std::uint32_t phones = 0;
  std::uint32_t expires_s = 3'600;  // what is asked for; the registrar has the last word
  std::uint64_t seed = 1;           // of waits
};

class Registrations {
 public:
  // `authorizer` and `connections`: none where they are null; all of them outlive this.
  struct Parts {
    Requests& requests;
    Authorizer* authorizer = nullptr;
    Connections* connections = nullptr;
    PhoneTally& tally;
  };
  Registrations(const RegistrationOptions& options, const Parts& parts,
                std::pmr::memory_resource& memory);

  // Whether it was of a REGISTER.
  bool take(Engine& engine, Instant now, const Output& output);
  bool take(Instant now, const Sender::Ended& ended);
  void advance(Engine& engine, Instant now);
  [[nodiscard]] Instant next_deadline() const;
  // From now on: what is registered is so no longer (Expires: 0).
  void remove_all() { is_leaving_ = true; }
  [[nodiscard]] bool has_left() const;

  // Each phone has been registered, or refused, once.
  [[nodiscard]] bool has_settled() const { return parts_.tally.pending == 0; }
  // The first one that is registered, from this one on and round; nullopt: none is.
  [[nodiscard]] std::optional<std::uint32_t> registered_from(std::uint32_t phone) const;
  // What the phone has registered over.
  [[nodiscard]] Flow flow_of(std::uint32_t phone) const { return phones_[phone].session.flow; }

 private:
  // So many REGISTERs wait for their answers at once: no storm, whatever the registrar can do.
  static constexpr std::uint32_t most_at_once = 64;
  static constexpr Duration look_every = std::chrono::seconds(1);      // at connections
  static constexpr Duration shortest_wait = std::chrono::seconds(30);  // RFC 5626 section 4.5
  static constexpr Duration longest_wait = std::chrono::seconds(1'800);

  enum class State : std::uint8_t { unregistered, registering, registered, removing, removed };
  struct Phone {
    State state = State::unregistered;
    bool has_settled = false;
    bool was_registered = false;  // at least once
    bool is_refresh = false;      // what is under way: until it is refused it is registered
    std::uint8_t failures = 0;    // one after the other
    std::uint32_t expires_s = 0;
    Instant sent = {};
    Session session = {.cseq = 0};
  };

  // False: the engine's outputs must be taken first.
  bool send(Engine& engine, Instant now, std::uint32_t phone);
  bool send_again(Engine& engine, Instant now, std::uint32_t phone);
  bool send_removals(Engine& engine, Instant now);
  void on_final(Engine& engine, Instant now, std::uint32_t phone, const ResponseReceived& response);
  bool asks_for_more(Phone& phone, const Message& response) const;
  void on_registered(Engine& engine, Instant now, std::uint32_t phone,
                     const ResponseReceived& response);
  void fail(Instant now, std::uint32_t phone);
  void wait(Instant now, std::uint32_t phone);
  void settle(Phone& phone);
  void look_at_connections(Instant now);
  [[nodiscard]] Duration lifetime_of(std::uint32_t phone, const Message& response) const;

  RegistrationOptions options_;
  Parts parts_;
  std::pmr::vector<Phone> phones_;
  TimerWheel due_;
  SplitMix64 random_;
  std::uint32_t begun_ = 0;      // of the first round
  std::uint32_t removed_ = 0;    // of the last one
  std::uint32_t under_way_ = 0;  // REGISTERs
  Instant looked_at_ = Instant::min();
  bool is_leaving_ = false;
};

}  // namespace sipring::app
