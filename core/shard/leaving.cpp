// SPDX-License-Identifier: MIT
#include <sipring/core/shard/detail/leaving.h>

#include <algorithm>
#include <iterator>

namespace sipring {
namespace {

using Stage = Leaving::Stage;
using Event = Leaving::Event;
using Action = Leaving::Action;

constexpr Leaving::Row rows[] = {
    {Stage::serving, Event::drain, Stage::draining, Action::tell_user},
    {Stage::serving, Event::finish, Stage::finishing, Action::finish_user},
    {Stage::serving, Event::stop, Stage::stopping, Action::stop_receiving},
    {Stage::draining, Event::leave, Stage::leaving, Action::leave_groups},
    {Stage::draining, Event::stop, Stage::stopping, Action::stop_receiving},
    {Stage::draining, Event::finish, Stage::finishing, Action::finish_user},
    {Stage::finishing, Event::stop, Stage::stopping, Action::stop_receiving},
    {Stage::leaving, Event::quiet, Stage::stopping, Action::stop_receiving},
    {Stage::leaving, Event::overdue, Stage::stopping, Action::stop_receiving},
    {Stage::leaving, Event::stop, Stage::stopping, Action::stop_receiving},
    {Stage::stopping, Event::deaf, Stage::silent, Action::fall_silent},
    {Stage::stopping, Event::overdue, Stage::silent, Action::fall_silent},
    {Stage::silent, Event::settled, Stage::ended, Action::end},
    {Stage::silent, Event::overdue, Stage::ended, Action::end},
};

// As long as each may take; `never` less nothing has no end.
constexpr Duration at_most(Stage stage) {
  switch (stage) {
    case Stage::leaving: return Leaving::leaving_at_most;
    case Stage::stopping: return Leaving::stopping_at_most;
    case Stage::silent: return Leaving::silent_at_most;
    case Stage::serving:
    case Stage::draining:
    case Stage::finishing:
    case Stage::ended: break;
  }
  return Duration::max();
}

}  // namespace

std::span<const Leaving::Row> Leaving::table() {
  return rows;
}

std::optional<Leaving::Action> Leaving::step(Instant now, const Sight& sight) {
  if (sight.has_come) quiet_since_ = now;
  const auto happens = event(now, sight);
  if (!happens) return std::nullopt;
  const auto* const row = std::ranges::find_if(
      rows, [&](const Row& each) { return each.stage == stage_ && each.event == *happens; });
  if (row == std::end(rows)) return std::nullopt;
  stage_ = row->next;
  since_ = quiet_since_ = now;
  drains_ |= stage_ == Stage::draining;
  leaves_ |= stage_ == Stage::leaving;
  return row->action;
}

std::optional<Leaving::Event> Leaving::event(Instant now, const Sight& sight) const {
  if (is_overdue(now)) return Event::overdue;
  if (sight.stop_requested && receives()) return Event::stop;
  switch (stage_) {
    case Stage::serving:  // who is told to leave drains first, if only for the moment
      if (sight.order == ShardOrder::finish) return Event::finish;
      if (sight.order == ShardOrder::drain || sight.order == ShardOrder::leave) return Event::drain;
      break;
    case Stage::draining:
      if (sight.order == ShardOrder::finish) return Event::finish;
      if (sight.order == ShardOrder::leave) return Event::leave;
      break;
    case Stage::finishing: break;
    case Stage::leaving:
      if (now - quiet_since_ >= quiet_at_least) return Event::quiet;
      break;
    case Stage::stopping:
      if (!sight.is_receiving) return Event::deaf;
      break;
    case Stage::silent:
      if (!sight.has_mail && (leaves_ || !sight.others_write)) return Event::settled;
      break;
    case Stage::ended: break;
  }
  return std::nullopt;
}

bool Leaving::is_overdue(Instant now) const {
  const Duration limit = at_most(stage_);
  return limit != Duration::max() && now - since_ >= limit;
}

Instant Leaving::next_deadline(Instant now) const {
  switch (stage_) {
    case Stage::serving:
    case Stage::draining:
    case Stage::finishing:
    case Stage::ended: break;
    case Stage::leaving: return std::min(since_ + leaving_at_most, quiet_since_ + quiet_at_least);
    case Stage::stopping:
    case Stage::silent: return now + a_moment;
  }
  return never;
}

std::string_view to_string(Leaving::Stage stage) {
  switch (stage) {
    case Stage::serving: return "serving";
    case Stage::draining: return "draining";
    case Stage::finishing: return "finishing";
    case Stage::leaving: return "leaving";
    case Stage::stopping: return "stopping";
    case Stage::silent: return "silent";
    case Stage::ended: return "ended";
  }
  return "unknown";
}

}  // namespace sipring
