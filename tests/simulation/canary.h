// A rule that is broken on purpose, to prove that the invariants see it.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tests/simulation/timer_rules.h"

namespace sipring::simulation {

struct Canary {
  enum class Kind : std::uint8_t {
    none,
    swapped_branch,  // the network gives responses the branch of others
    lost_output,     // a user never hears of one end
    wrong_t1,        // the engines run under other values than they were told to
    wrong_t2,
    wrong_t4,
    short_memory,     // they forget what they have answered in half the time
    swallowed_timer,  // what a timer sends gets lost inside
    doubled_timer,    // or is sent twice
    late_timer,       // the model of one timer is wrong by an eighth
    early_timer,
    wrong_shard,   // hand-over mistakes the shard
    lost_letter,   // a shard does not see what another has given it
    lost_receipt,  // or does not say that it is done with it
    stale_flow,    // nobody looks at the generation of a connection's flow
  };
  Kind kind = Kind::none;
  RfcTimer timer = RfcTimer::a;  // of late_timer and early_timer

  [[nodiscard]] bool is(Kind other) const { return kind == other; }
};

// "swapped_branch"; "late_g"; nullopt: none of that name.
[[nodiscard]] std::optional<Canary> canary_from(std::string_view name);

}  // namespace sipring::simulation
