// Leaving: how a shard comes to its end, by itself or with all the others.
//
//   serving ──drain──▶ draining ──leave──▶ leaving ──quiet──▶ stopping
//      ├──────────────────┴────────stop───────┴──────────────────▲
//      └──finish──▶ finishing ───────────────stop────────────────┘   (from draining as well)
//   stopping ──deaf──▶ silent ──settled──▶ ended
//
// draining   what has begun here goes on; what begins goes to another shard
// finishing  the whole server is about to stop: what goes on is ended, what begins is refused
// leaving    nobody gives it anything more; its sockets have left their groups, but their queues
//            may still hold something
// stopping   the whole server stops, or nothing came for a while: receives are being taken back
// silent     it writes no more letters, and handles those of others until nobody writes any and its
//            own have come back
//
// No message that has reached the shard is lost, unless that takes longer than the bounds below.
// This was made for datagrams: a shard that owns connections or dialogs is stopped with the whole
// server, not drained.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/shard/phase.h>
#include <sipring/core/time.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

class Leaving {
 public:
  enum class Stage : std::uint8_t {
    serving,
    draining,
    finishing,
    leaving,
    stopping,
    silent,
    ended,
  };
  enum class Event : std::uint8_t {
    drain,    // the order to
    finish,   // likewise
    leave,    // likewise
    stop,     // the whole server does
    quiet,    // nothing has come for quiet_at_least
    deaf,     // the kernel receives nothing for us any more
    settled,  // no letter is under way, here or there
    overdue,  // a stage has taken as long as it may
  };
  // What the loop has to do when a stage begins.
  enum class Action : std::uint8_t {
    tell_user,       // TransactionUser::on_drain
    finish_user,     // TransactionUser::on_finish
    leave_groups,    // the sockets'
    stop_receiving,  // take back what the kernel has of ours
    fall_silent,     // write the last letters, and tell the others
    end,
  };
  struct Row {
    Stage stage;
    Event event;
    Stage next;
    Action action;
  };
  [[nodiscard]] static std::span<const Row> table();

  // A datagram that the kernel was about to give to a socket when that left its group is there by
  // then.
  static constexpr Duration quiet_at_least = std::chrono::milliseconds(20);
  static constexpr Duration leaving_at_most = std::chrono::seconds(1);
  static constexpr Duration stopping_at_most = std::chrono::milliseconds(500);
  static constexpr Duration silent_at_most = std::chrono::milliseconds(500);
  // How often to look whether the others have fallen silent, of which nobody tells.
  static constexpr Duration a_moment = std::chrono::milliseconds(1);

  // What the loop sees at the end of a turn.
  struct Sight {
    ShardOrder order = ShardOrder::serve;
    bool stop_requested = false;
    bool has_come = false;      // something, in this turn
    bool is_receiving = false;  // the kernel has a request of ours
    bool has_mail = false;      // letters or receipts that nobody has taken, or that are out
    bool others_write = false;  // letters: not all shards are silent
  };
  // One step at a time: what is to be done before the next one, for which the loop looks again,
  // since a stage has other things to look at than the one before. nullopt: nothing changes.
  [[nodiscard]] std::optional<Action> step(Instant now, const Sight& sight);
  // When to look again though nothing comes.
  [[nodiscard]] Instant next_deadline(Instant now) const;

  [[nodiscard]] Stage stage() const { return stage_; }
  [[nodiscard]] bool is_serving() const { return stage_ == Stage::serving; }
  // What begins now is for another shard.
  [[nodiscard]] bool drains() const { return drains_; }
  // Somebody waits for the end of what goes on.
  [[nodiscard]] bool is_watched() const { return drains_ || stage_ == Stage::finishing; }
  // By order, while the others go on.
  [[nodiscard]] bool leaves() const { return leaves_; }
  // A shard that leaves sends nothing by itself: what is left of its transactions ends with it.
  [[nodiscard]] bool fires_timers() const { return stage_ <= Stage::finishing; }
  [[nodiscard]] bool receives() const { return stage_ <= Stage::leaving; }
  [[nodiscard]] bool writes_letters() const { return stage_ <= Stage::stopping; }
  [[nodiscard]] bool has_ended() const { return stage_ == Stage::ended; }

 private:
  [[nodiscard]] std::optional<Event> event(Instant now, const Sight& sight) const;
  [[nodiscard]] bool is_overdue(Instant now) const;

  Stage stage_ = Stage::serving;
  bool drains_ = false;
  bool leaves_ = false;
  Instant since_ = never;  // the present stage
  Instant quiet_since_ = never;
};
[[nodiscard]] std::string_view to_string(Leaving::Stage stage);

}  // namespace sipring
