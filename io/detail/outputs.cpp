// SPDX-License-Identifier: MIT
#include <sipring/io/detail/outputs.h>

#include <optional>
#include <utility>
#include <variant>

namespace sipring {

void Outputs::take_all(Instant now) {
  do {
    take_engine(now);
  } while (parts_.naming != nullptr && parts_.naming->settle(now));
}

void Outputs::take_engine(Instant now) {
  while (std::optional<Output> output = parts_.engine.next_output()) {
    if (auto* message = std::get_if<Transmit>(&*output)) {
      transmit(now, std::move(*message));
    } else if (parts_.naming != nullptr) {
      parts_.naming->give(now, *output);
    } else {
      parts_.user.on_output(parts_.engine, now, *output);
    }
  }
}

// What is to go by a listener to a stream's transport goes by a connection of this shard's, which
// may have to be opened.
void Outputs::transmit(Instant now, Transmit&& message) {
  const bool is_anothers = message.flow.is_connection() && message.flow.shard != parts_.shard;
  if (!is_anothers) {
    const bool is_stream =
        message.flow.is_connection() || is_reliable(message.destination.transport);
    if (is_stream) return parts_.streams.send(now, std::move(message));
    return parts_.udp.send(std::move(message), parts_.arrivals);
  }
  if (parts_.leaving.writes_letters() && parts_.post.send(message)) return;
  ++parts_.counters[SendFailure::unreachable];
  parts_.failed.add(message.transaction);
}

// A ping that there is no buffer for is as good as lost.
void Outputs::keep_alive(Instant now) {
  while (const auto due = parts_.keep_alives.next_due(now)) {
    if (due->has_failed) {
      parts_.streams.give_up(now, due->flow.flow);
    } else if (Ref<Buffer> ping = parts_.engine.buffers().copy(KeepAlive::ping)) {
      transmit(now, {.bytes = std::move(ping),
                     .destination = due->flow.peer,
                     .flow = due->flow.flow,
                     .lane = 0,
                     .transaction = {}});
    }
  }
}

// Those that there are now: telling them may bring more.
bool Outputs::tell_failures(Instant now) {
  const std::uint32_t count = parts_.failed.size();
  for (std::uint32_t i = 0; i < count; ++i) {
    parts_.engine.transmit_failed(now, *parts_.failed.next());
    take_all(now);
  }
  return count != 0;
}

}  // namespace sipring
