// Every capacity of an engine, in one place. All memory is taken at construction; nothing grows
// later.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/parse_limits.h>
#include <sipring/core/time.h>
#include <sipring/core/transaction/timers.h>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sipring {

struct Limits {
  std::uint32_t transactions = 65'536;  // alive at once; the next new request gets 503
  // One of so many is kept for requests within a dialog and CANCELs: a flood of new requests must
  // not keep calls from ending. 0: none is.
  std::uint32_t one_reserved_of = 64;
  // When transactions or buffers are nearly used up, those that have been answered and only wait
  // for messages that come once more (timers D, I, J, K, M) are forgotten, oldest first, none
  // sooner than so long after its answer. nullopt: what a network that loses one message in a
  // hundred needs, 4 s with the RFC's timers where the answer came at once, 12.5 s where it came
  // later (docs/overload.md). Duration::max(): none is.
  std::optional<Duration> remember_at_least;
  std::uint32_t headers = 128;           // header fields of one message; more: 513
  std::uint32_t message_bytes = 65'535;  // octets of one message; more: 513
  ParseLimits parse;                     // of its parts
  // What an ordinary request or response needs; sizes the buffer memory.
  std::uint32_t typical_message_bytes = 736;
  // Messages that transactions keep at once: requests that wait for their answers, and answers that
  // have a text of their own (Response::block has those that have none); an INVITE may keep one of
  // each. When there is no room, those that were answered first make way. nullopt: three for two
  // transactions, so that all of them may, and every second twice.
  std::optional<std::uint32_t> kept_messages;
  std::uint32_t sends_in_flight = 4'096;  // messages handed to io and not yet given back
  // Calls above the engine (core/call), each with its texts and both descriptions: they are kept in
  // the same buffers. 0: there are none.
  std::uint32_t calls = 0;
  std::uint32_t call_text_bytes = 300;    // URIs, tags and route of one
  std::uint32_t description_bytes = 400;  // an ordinary one
  std::uint32_t outputs = 256;  // outputs that wait to be taken; bounds calls made in between
  std::uint32_t retry_after_seconds = 5;  // what a 503 for a full pool asks for
};

// Octets of message buffers: for what transactions keep; calls keep what they say and have agreed
// on; sends in flight may hold others; and one message of the largest size must always find room.
[[nodiscard]] std::size_t buffer_bytes(const Limits& limits);

// What an engine takes from its memory resource, by user.
struct MemoryNeeds {
  std::size_t transactions = 0;  // the pool's slots
  std::size_t index = 0;         // the tables that find them, and merged requests
  std::size_t timers = 0;        // two nodes a transaction, and the wheel
  std::size_t buffers = 0;
  std::size_t messages = 0;  // parsed header spans, the outputs' queue
  [[nodiscard]] std::size_t total() const {
    return transactions + index + timers + buffers + messages;
  }
};
[[nodiscard]] MemoryNeeds memory_needs(const Limits& limits);

// With so many transactions alive, answered ones are forgotten before a new one begins.
[[nodiscard]] std::uint32_t transactions_before_pressure(const Limits& limits);

// How long what is over takes room: as RFC 3261 section 17 has it, or where there is no room no
// longer than Limits::remember_at_least.
enum class Remembered : std::uint8_t { to_the_end, as_long_as_safe };

// What comes in a second, for ever: over UDP, where timers I and J are not zero, and answered at
// once. Of a call the callee's side: its INVITE, whose ACK has come, and its BYE.
struct SteadyRates {
  double requests = 0;  // other ones than INVITE
  double calls = 0;
};
// What the transactions carry of one kind alone. How many calls there are at once is not theirs to
// say: Limits::calls.
[[nodiscard]] SteadyRates steady_rates(const Limits& limits, const TimerSettings& timers,
                                       Remembered remembered);
// How many transactions carry all of it together; the other limits as they are.
[[nodiscard]] std::uint32_t transactions_for(const SteadyRates& rates, const Limits& limits,
                                             const TimerSettings& timers, Remembered remembered);

}  // namespace sipring
