// SPDX-License-Identifier: MIT
#include <sipring/core/message/unframed.h>
#include <sipring/io/steering.h>

namespace sipring {

std::uint32_t Steering::home_of(std::string_view call_id) const {
  Hasher hasher(seed_);
  hasher.add(call_id);
  return static_cast<std::uint32_t>(hasher.finish().low % shards_);
}

std::optional<std::uint32_t> Steering::home_of_datagram(std::string_view datagram) const {
  const auto call_id = find_unframed(datagram, HeaderId::call_id);
  if (!call_id) return std::nullopt;
  return home_of(*call_id);
}

}  // namespace sipring
