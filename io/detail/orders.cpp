// SPDX-License-Identifier: MIT
#include <sipring/io/detail/orders.h>

#include <utility>

namespace sipring {

void Orders::follow(Instant now, bool has_come) {
  look(now);
  while (const auto action = parts_.leaving.step(now, look_around(has_come))) act(now, *action);
  if (is_due()) {
    acknowledged_ = known_;
    parts_.roster.acknowledge(parts_.shard, known_);
  }
  if (parts_.leaving.is_watched()) report();
}

// Messages go by the new homes from now on.
void Orders::look(Instant now) {
  const std::uint32_t change = parts_.roster.change();
  if (change == known_) [[likely]]
    return;
  known_ = change;
  parts_.steering.place(parts_.roster.published());
  order_ = parts_.roster.order_to(parts_.shard);
  if (parts_.change.change == change) change_listeners(now);
}

void Orders::change_listeners(Instant now) {
  const Listener& listener = parts_.change.listener;
  switch (parts_.change.kind) {
    case ListenerChange::Kind::open:
      open(listener);
      if (parts_.naming != nullptr) parts_.naming->listen(listener);
      parts_.user.on_listen(parts_.engine, now, listener);
      break;
    case ListenerChange::Kind::close:
      parts_.udp.close(listener.flow);
      parts_.streams.close(listener.flow);
      if (parts_.naming != nullptr) parts_.naming->close(listener);
      parts_.user.on_close(parts_.engine, now, listener);
      break;
    case ListenerChange::Kind::renew: show_certificates(listener); break;
    case ListenerChange::Kind::look:
      parts_.streams.describe(now, parts_.change.most_connections,
                              parts_.change.connections[parts_.shard]);
      break;
  }
  parts_.outputs.take_all(now);
}

void Orders::open(const Listener& listener) {
  const Transport transport = listener.address.transport;
  if (!is_reliable(transport))
    return parts_.udp.open(std::move(*parts_.change.sockets[parts_.shard]), listener.flow);
  if (has_tls(transport)) show_certificates(listener);
  parts_.streams.open(std::move(*parts_.change.streams[parts_.shard]), listener.flow,
                      upgrade_of(transport, parts_.upgrade), parts_.change.is_proxied);
}

// The server has tried them: what fails here has no memory, and the old ones stay.
void Orders::show_certificates(const Listener& listener) {
  (void)parts_.streams.serve_tls(listener.flow, listener.address.transport, parts_.change.tls);
}

// Looks at the other shards first and at their letters then: whoever has fallen silent has written
// its last letter before that.
Leaving::Sight Orders::look_around(bool has_come) const {
  Leaving::Sight sight{
      .order = order_, .stop_requested = parts_.post.stop_requested(), .has_come = has_come};
  if (parts_.leaving.is_serving()) return sight;
  sight.others_write = !parts_.roster.all_are_silent();
  sight.is_receiving = parts_.udp.is_receiving() || parts_.streams.is_receiving();
  sight.has_mail = parts_.post.has_mail() || !parts_.post.has_all_back();
  return sight;
}

void Orders::act(Instant now, Leaving::Action action) {
  switch (action) {
    case Leaving::Action::tell_user:
      parts_.user.on_drain(parts_.engine, now);
      return parts_.outputs.take_all(now);
    case Leaving::Action::finish_user:
      parts_.user.on_finish(parts_.engine, now);
      return parts_.outputs.take_all(now);
    case Leaving::Action::leave_groups: return parts_.udp.leave_groups();
    case Leaving::Action::stop_receiving:
      parts_.streams.stop_receiving();
      return parts_.udp.stop_receiving();
    case Leaving::Action::fall_silent: return parts_.roster.fall_silent();
    case Leaving::Action::end: return;
  }
}

// At the end of the server nobody waits for transactions that only remember what they have sent.
void Orders::report() {
  const bool is_sending = parts_.naming != nullptr && !parts_.naming->is_idle();
  const bool has_transactions = parts_.engine.transactions_alive() != 0 &&
                                parts_.leaving.stage() != Leaving::Stage::finishing;
  const bool is_idle = !has_transactions && !is_sending && parts_.user.is_idle();
  parts_.roster.report(parts_.shard, is_idle ? ShardReport::drained : ShardReport::busy);
}

}  // namespace sipring
