// Shards that go while the others stay. Each step waits for what makes the next one safe: that all
// shards act by the new table, that the shard has nothing of theirs, that they have nothing of it.
// SPDX-License-Identifier: MIT
#include <sipring/io/server.h>

#include <sipring/io/clock.h>
#include <sipring/io/detail/kernel_steering.h>
#include <sipring/io/detail/shard.h>

#include <ctime>

namespace sipring {
namespace {

// Far more than a shard needs until it looks at its orders.
constexpr Duration obedience_at_most = std::chrono::seconds(10);

// False when `fact` has not come true by then, or the whole server stops.
template <class Fact>
bool comes_true(Mailboxes& mailboxes, Duration at_most, Fact fact) {
  const Instant end = at_most < never - read_clock() ? read_clock() + at_most : never;
  const timespec one_millisecond{.tv_sec = 0, .tv_nsec = 1'000'000};
  while (!fact()) {
    if (read_clock() >= end || mailboxes.doorbell(0).stop_requested()) return false;
    (void)::nanosleep(&one_millisecond, nullptr);
  }
  return true;
}

}  // namespace

// What has been set in the roster, to all shards. Returns the change to wait for.
std::uint32_t Server::tell_shards() {
  const std::uint32_t change = common_->roster.publish();
  for (auto& shard : shards_) shard->wake();
  return change;
}

bool Server::wait_until_all_obey(std::uint32_t change) const {
  return comes_true(common_->mailboxes, obedience_at_most,
                    [&] { return common_->roster.is_acknowledged(change); });
}

std::expected<void, DrainError> Server::drain(std::uint32_t shard) {
  Roster& roster = common_->roster;
  if (finishes_) return std::unexpected(DrainError::stopped);
  if (const auto error = roster.may_drain(shard)) return std::unexpected(*error);
  roster.set_phase(shard, ShardPhase::draining);
  roster.order(shard, ShardOrder::drain);
  tell_shards();
  return {};
}

void Server::finish() {
  finishes_ = true;
  for (std::uint32_t i = 0; i < shards(); ++i) {
    if (phase(i) != ShardPhase::stopped) common_->roster.order(i, ShardOrder::finish);
  }
  tell_shards();
}

bool Server::has_finished() const {
  for (std::uint32_t i = 0; i < shards(); ++i) {
    if (phase(i) != ShardPhase::stopped && !is_drained(i)) return false;
  }
  return true;
}

bool Server::stop(Duration patience) {
  finish();
  const bool finished = comes_true(common_->mailboxes, patience, [&] { return has_finished(); });
  stop();
  join();
  return finished;
}

std::expected<void, DrainError> Server::stop(std::uint32_t shard, Duration patience) {
  const bool drains = shard < shards() && phase(shard) == ShardPhase::draining;
  if (!drains) {
    if (auto drained = drain(shard); !drained) return drained;
  }
  Roster& roster = common_->roster;
  (void)comes_true(common_->mailboxes, patience, [&] { return is_drained(shard); });
  roster.set_phase(shard, ShardPhase::stopped);
  if (kernel_steering_) (void)kernel_steering_->place(roster.homes());
  const bool nobody_writes_to_it = wait_until_all_obey(tell_shards());
  if (nobody_writes_to_it) {
    if (kernel_steering_) kernel_steering_->remove(shard);
    roster.order(shard, ShardOrder::leave);
    tell_shards();
    (void)comes_true(common_->mailboxes, obedience_at_most,
                     [&] { return roster.report_of(shard) == ShardReport::left; });
    (void)wait_until_all_obey(tell_shards());  // bells that rang for it have rung
  }
  roster.order(shard, ShardOrder::release);
  if (!nobody_writes_to_it) return std::unexpected(DrainError::stopped);
  return {};
}

bool Server::is_drained(std::uint32_t shard) const {
  return common_->roster.report_of(shard) == ShardReport::drained;
}

ShardPhase Server::phase(std::uint32_t shard) const {
  return common_->roster.phase(shard);
}

}  // namespace sipring
