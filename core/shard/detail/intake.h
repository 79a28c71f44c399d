// Intake: what a shard does with each message that reaches it, off the wire or by letter.
//
//   elsewhere   its home is another shard (steering.h); or this one drains, and it begins something
//   wait        the shard is overloaded: it is kept until all that has come is in order
//   serve       give it to the engine
//   refuse      it has waited, and the turn's budget is used up: Engine::turn_away
//   leave       there is no time for that either: a datagram is left unread
//
// Time is an input, and nothing here performs anything. io/loop does, and the simulator.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/overload/detail/turn_queue.h>
#include <sipring/core/overload/turn_budget.h>
#include <sipring/core/shard/detail/leaving.h>
#include <sipring/core/shard/detail/letter.h>
#include <sipring/core/shard/steering.h>

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <vector>

namespace sipring {

class Intake {
 public:
  struct Position {
    std::uint32_t shard = 0;
    std::uint32_t shards = 1;
    std::uint32_t capacity = 1;  // messages that may wait in an overloaded turn
  };
  // What it asks; all of it is the shard's own.
  struct Knowledge {
    const Steering& steering;
    const Leaving& leaving;
    Engine& engine;
  };
  Intake(const Position& position, const TurnLimits& limits, const Knowledge& knowledge,
         std::pmr::memory_resource& memory);

  enum class Fate : std::uint8_t { elsewhere, wait, serve, refuse, leave };
  struct Decision {
    Fate fate = Fate::serve;
    std::uint32_t shard = 0;  // of elsewhere
  };
  // `from` is the shard that has the octets: this one, unless it came by letter. What is to wait is
  // kept here, and its octets must stay until next() has given it back.
  [[nodiscard]] Decision decide(const Letter& letter, std::uint32_t from);

  // Around each turn.
  void begin_turn(Instant now) { budget_.begin(now); }
  void end_turn(Instant now) { budget_.end(now); }
  // Every so many messages the shard looks at the clock, in the middle of a turn: a clock costs
  // more than many of them.
  [[nodiscard]] bool wants_time() const { return decided_ % looks_every == 0; }
  void look(Instant now) { (void)budget_.look(now); }
  [[nodiscard]] bool is_overloaded() const { return budget_.is_overloaded(); }

  // What waits, in order of worth, once all of it has come.
  [[nodiscard]] bool has_room() const { return !queue_.full(); }
  [[nodiscard]] bool is_waiting() const { return !waiting_.empty(); }
  void sort() { queue_.sort(); }
  struct Due {
    Letter letter;
    std::uint32_t from = 0;
    Fate fate = Fate::serve;  // or refuse, or leave
  };
  // nullopt when there is no more: the report is ready then.
  [[nodiscard]] std::optional<Due> next(Instant now);
  // Of all that next() has given since the last report.
  [[nodiscard]] TurnReport take_report();

 private:
  static constexpr std::uint32_t looks_every = 16;

  struct Waiting {
    Letter letter;
    std::uint32_t from = 0;
  };
  [[nodiscard]] std::uint32_t home_of(const Letter& letter, std::uint32_t from) const;
  [[nodiscard]] std::uint32_t home_while_draining(std::string_view bytes) const;
  void keep(const Letter& letter, std::uint32_t from);
  [[nodiscard]] static Fate fate_of(TurnBudget::Verdict verdict, const TurnQueue::Entry& entry,
                                    const Letter& letter);

  std::uint32_t shard_;
  bool is_shared_;  // there are other shards
  Knowledge knows_;
  TurnBudget budget_;
  TurnQueue queue_;
  std::pmr::vector<Waiting> waiting_;
  TurnReport report_;
  std::uint32_t decided_ = 0;  // messages
};

}  // namespace sipring
