// The outputs that wait to be taken, and the buffers that they are written into.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/counters.h>
#include <sipring/core/limits.h>
#include <sipring/core/output.h>
#include <sipring/pools/assert.h>
#include <sipring/pools/detail/ring.h>

#include <memory_resource>
#include <optional>
#include <utility>

namespace sipring {

class Outbox {
 public:
  // One input makes a few outputs at most (what the input before it left to do: a 503, and word of
  // the end; a CANCEL: its 200, and word of it); a caller makes sure of this much room first.
  static constexpr std::uint32_t room_for_one_input = 8;

  Outbox(std::uint32_t capacity, Counters& counters, std::pmr::memory_resource& memory)
      : outputs_(capacity + room_for_one_input, memory), counters_(counters) {}

  [[nodiscard]] bool has_room() const {
    return outputs_.capacity() - outputs_.size() >= room_for_one_input;
  }
  // One output more leaves that room.
  [[nodiscard]] bool has_room_to_spare() const {
    return outputs_.capacity() - outputs_.size() > room_for_one_input;
  }
  [[nodiscard]] bool empty() const { return outputs_.empty(); }
  [[nodiscard]] std::optional<Output> pop() {
    std::optional<Output> output(std::move(outputs_.front()));
    outputs_.drop_front();
    return output;
  }

  template <class Kind>
  void push(Kind&& output) {
    emplace<Kind>(std::forward<Kind>(output));
  }

  void transmit(Ref<Buffer> bytes, const NetworkAddress& destination, Flow flow, std::uint32_t lane,
                Handle<Transaction> transaction) {
    counters_.count_sent(bytes->view());
    emplace<Transmit>(std::move(bytes), destination, flow, lane, transaction);
  }

 private:
  // In its place: a copy that is read as soon as it is written waits for all writes before it.
  template <class Kind, class... Parts>
  void emplace(Parts&&... parts) {
    const bool pushed = outputs_.emplace(std::in_place_type<Kind>, std::forward<Parts>(parts)...);
    SIPRING_ASSERT(pushed);
  }

  Ring<Output> outputs_;
  Counters& counters_;
};

}  // namespace sipring
