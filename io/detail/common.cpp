// SPDX-License-Identifier: MIT
#include <sipring/io/detail/common.h>

#include <sipring/io/clock.h>
#include <sipring/io/stream/sha1.h>
#include <sipring/io/udp/ports.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sipring {
namespace {

// Of all shards, which have no engine in common.
constexpr Common::Purpose server_mark_purpose = Common::Purpose::engine;

Entropy derive(const Entropy& entropy, std::uint32_t shard, Common::Purpose purpose) {
  Entropy result;
  for (std::uint64_t i = 0; i < 4; i += 2) {
    Hasher hasher({entropy.words[0] ^ entropy.words[2], entropy.words[1] ^ entropy.words[3]});
    hasher.add(std::uint64_t{shard} << 32 | std::to_underlying(purpose));
    hasher.add(i);
    const Hash128 hash = hasher.finish();
    result.words[i] = hash.low;
    result.words[i + 1] = hash.high;
  }
  return result;
}

HashSeed seed_of(const Entropy& entropy) {
  const Entropy derived = derive(entropy, Common::all_shards, Common::Purpose::steering);
  return {derived.words[0], derived.words[1]};
}

std::uint32_t mark_of(const Entropy& entropy) {
  const Entropy derived = derive(entropy, Common::all_shards, server_mark_purpose);
  return static_cast<std::uint32_t>(derived.words[0] & 0xff'ffff);
}

}  // namespace

Common::Common(const ServerOptions& its_options, std::uint32_t shards, const Entropy& its_entropy,
               TransactionUserFactory its_factory)
    : options(its_options),
      entropy(its_entropy),
      steering_seed(seed_of(its_entropy)),
      server_mark(mark_of(its_entropy)),
      upgrade{
          .sha1 = sha1, .head_bytes = 8'192, .resource = {}, .origins = {}, .needs_origin = false},
      ticket_secret(draw_ticket_secret()),
      start(read_clock()),
      factory(std::move(its_factory)),
      listener_generations(UdpPorts::max_listeners, 0),
      mailboxes(shards, its_options.shard.hand_over,
                its_options.shard.receive_buffers * 2 + ReceiveRing::spares),
      roster(shards),
      wake_targets(shards),
      open_errors(shards),
      notices(shards),
      started(static_cast<std::ptrdiff_t>(shards) + 1),
      ended(static_cast<std::ptrdiff_t>(shards)) {
  for (std::uint32_t i = 0; i < shards; ++i)
    errands.push_back(std::make_unique<Errands>(its_options.shard.errands));
}

bool Common::failed() const {
  return std::ranges::any_of(open_errors, [](const auto& error) { return error.has_value(); });
}

Entropy Common::entropy_for(std::uint32_t shard, Purpose purpose) const {
  return derive(entropy, shard, purpose);
}

Settings Common::settings_for(std::uint32_t shard) const {
  Settings settings = options.settings;
  settings.mark = {server_mark, static_cast<std::uint8_t>(shard)};
  return settings;
}

}  // namespace sipring
