// SPDX-License-Identifier: MIT
#include <sipring/core/detail/engine_parts.h>

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/parser.h>
#include <sipring/pools/assert.h>

#include <algorithm>
#include <cstring>

namespace sipring::detail {
namespace {

TransactionOptions options_of(const Settings& settings, const HashSeed& seed) {
  Hasher hasher(seed);
  hasher.add("jitter");
  return {.timers = settings.timers,
          .jitter_seed = hasher.finish().low,
          .finds_merged = settings.finds_merged};
}

Limits limits_of(const Settings& settings) {
  Limits limits = settings.limits;
  limits.parse.message_bytes = std::min(limits.parse.message_bytes, limits.message_bytes);
  return limits;
}

}  // namespace

EngineParts::EngineParts(const Settings& settings, const Entropy& entropy,
                         std::pmr::memory_resource& memory)
    : limits(limits_of(settings)),
      mark(settings.mark),
      seed{entropy.words[0], entropy.words[1]},
      branch_seed{entropy.words[2], entropy.words[3]},
      buffers(buffer_bytes(settings.limits), memory),
      outbox(settings.limits.outputs, counters, memory),
      writer(settings.limits.message_bytes, buffers, memory),
      overload(settings.overload, settings.limits.transactions, seed, entropy, memory),
      via_parameters(overload.client() != nullptr ? OcClient::via_parameters : std::string_view{},
                     settings.flows),
      keep_seconds(settings.flows.keep_seconds),
      transactions(settings.limits, options_of(settings, branch_seed), writer, outbox, counters,
                   memory),
      arrival(settings.limits.headers, memory),
      stored(settings.limits.headers, memory) {
  if (Sources* sources = overload.sources()) transactions.release_to(*sources);
}

const Message& EngineParts::parse_stored(const Buffer& buffer) {
  const bool parsed = parse(buffer.view(), stored, no_limits).has_value();
  SIPRING_ASSERT(parsed);
  return stored;
}

std::string_view EngineParts::stored_to_tag() const {
  const auto to = parse_address_without_uri(stored.first(HeaderId::to).value_or(""));
  return to ? to->tag : std::string_view{};
}

SendError as_send_error(WriteError error) {
  return error == WriteError::too_large ? SendError::too_large : SendError::no_buffers;
}

SendError as_send_error(const BuildError& error) {
  switch (error.problem) {
    case BuildProblem::too_large: return SendError::too_large;
    case BuildProblem::no_buffers: return SendError::no_buffers;
    default: return SendError::malformed_header;
  }
}

// Its ends tell most Call-IDs apart.
std::uint32_t lane_of(std::string_view call_id) {
  std::uint64_t ends[2] = {};
  const std::size_t size = std::min(call_id.size(), sizeof ends[0]);
  if (size == 0) return 0;
  std::memcpy(&ends[0], call_id.data(), size);
  std::memcpy(&ends[1], call_id.data() + call_id.size() - size, size);
  constexpr std::uint64_t odd = 0x9e37'79b9'7f4a'7c15;
  return static_cast<std::uint32_t>((ends[0] * odd ^ ends[1]) * odd >> 32);
}

}  // namespace sipring::detail
