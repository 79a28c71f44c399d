// SPDX-License-Identifier: MIT
#include <sipring/io/outputs.h>

#include <optional>
#include <utility>
#include <variant>

namespace sipring {

void Outputs::drain(Instant now) {
  while (std::optional<Output> output = parts_.engine.next_output()) {
    if (auto* message = std::get_if<Transmit>(&*output)) {
      transmit(std::move(*message));
    } else {
      parts_.user.on_output(parts_.engine, now, *output);
    }
  }
}

void Outputs::transmit(Transmit&& message) {
  switch (message.flow.kind) {
    case Flow::Kind::none:
    case Flow::Kind::listener: return parts_.udp.send(std::move(message), parts_.arrivals);
    case Flow::Kind::connection: break;
  }
  const bool is_anothers = message.flow.shard != parts_.shard;
  if (is_anothers && parts_.leaving.writes_letters() && parts_.post.send(message)) return;
  ++parts_.counters[SendFailure::unreachable];
  parts_.failed.add(message.transaction);
}

// Those that there are now: telling them may bring more.
bool Outputs::tell_failures(Instant now) {
  const std::uint32_t count = parts_.failed.size();
  for (std::uint32_t i = 0; i < count; ++i) {
    parts_.engine.transmit_failed(now, *parts_.failed.next());
    drain(now);
  }
  return count != 0;
}

}  // namespace sipring
