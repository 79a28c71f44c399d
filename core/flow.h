// Flow: what a message came by and its answer leaves by, a listener or a connection (RFC 3261
// section 18, RFC 5626 section 3). io makes them, core hands them back.
//
// A flow is checked wherever it is used: its generation says whether the slot is still that of the
// listener or connection which it was made for. A null flow leaves the choice to io.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sipring {

struct Flow {
  enum class Kind : std::uint32_t {
    none,        // "you choose": a listener from which the destination can be reached
    listener,    // of a server; each of its shards has a socket of it, so `shard` is 0
    connection,  // which `shard` owns
  };
  static constexpr std::uint32_t max_slots = 1u << 24;
  static constexpr std::uint32_t max_shards = 1u << 8;
  static constexpr std::uint32_t max_generations = 1u << 30;

  constexpr Flow() = default;  // or GCC 12 takes no {} for it

  std::uint32_t slot : 24 = 0;
  std::uint32_t shard : 8 = 0;
  std::uint32_t generation : 30 = 0;
  Kind kind : 2 = Kind::none;

  // What does not fit is cut off: the generation of a slot that has been used a billion times
  // begins anew.
  [[nodiscard]] static constexpr Flow of_listener(std::uint32_t slot,
                                                  std::uint32_t generation = 1) {
    return make(Kind::listener, 0, slot, generation);
  }
  [[nodiscard]] static constexpr Flow of_connection(std::uint32_t shard, std::uint32_t slot,
                                                    std::uint32_t generation) {
    return make(Kind::connection, shard, slot, generation);
  }

  [[nodiscard]] constexpr bool is_listener() const { return kind == Kind::listener; }
  [[nodiscard]] constexpr bool is_connection() const { return kind == Kind::connection; }
  constexpr explicit operator bool() const { return kind != Kind::none; }
  friend constexpr bool operator==(const Flow&, const Flow&) = default;

 private:
  [[nodiscard]] static constexpr Flow make(Kind kind, std::uint32_t shard, std::uint32_t slot,
                                           std::uint32_t generation) {
    Flow flow;
    flow.slot = slot & (max_slots - 1);
    flow.shard = shard & (max_shards - 1);
    flow.generation = generation & (max_generations - 1);
    flow.kind = kind;
    return flow;
  }
};
static_assert(sizeof(Flow) == 8);

}  // namespace sipring
