// SPDX-License-Identifier: MIT
#include <sipring/core/connection/counters.h>

#include <cstddef>

namespace sipring {
namespace {

template <std::size_t count>
void add(std::array<std::uint64_t, count>& to, const std::array<std::uint64_t, count>& from) {
  for (std::size_t i = 0; i < count; ++i) to[i] += from[i];
}

}  // namespace

ConnectionCounters& ConnectionCounters::operator+=(const ConnectionCounters& other) {
  accepted += other.accepted;
  connected += other.connected;
  handshakes += other.handshakes;
  bytes_in += other.bytes_in;
  bytes_out += other.bytes_out;
  messages_in += other.messages_in;
  keep_alives += other.keep_alives;
  bans += other.bans;
  add(refused, other.refused);
  add(closed, other.closed);
  add(unsent, other.unsent);
  undelivered += other.undelivered;
  open += other.open;
  return *this;
}

}  // namespace sipring
