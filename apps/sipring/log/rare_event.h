// RareEvent: what an operator wants to read of in a log. Events are found by comparing two copies
// of a shard's metrics, so the shard itself never logs.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/metrics.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sipring::app {

struct RareEvent {
  enum class Kind : std::uint8_t {
    shard_started,
    shard_stopped,
    overload,          // new requests were refused: transactions or buffers used up
    forgetting,        // answered transactions made way for new ones before their time
    malformed,         // messages that are no SIP, or none that we can use
    send_queue_full,   // messages dropped before our own socket
    send_failed,       // the kernel refused to send
    icmp_error,        // peers or routers told that something was not delivered
    receive_buffers,   // the shard had none left for a moment (ENOBUFS)
    truncated,         // datagrams larger than a receive buffer
    hand_over_full,    // another shard does not keep up
    segments_refused,  // a device without UDP_SEGMENT
    tls_failed,        // handshakes that did not succeed, and TLS that broke
    count,
  };
  static constexpr std::size_t kinds = static_cast<std::size_t>(Kind::count);

  Kind kind = Kind::count;
  std::uint32_t shard = 0;
  std::uint64_t count = 1;  // how often it happened
  std::string details;      // more of it: "key=value key=value"
};
[[nodiscard]] std::string_view to_string(RareEvent::Kind kind);

// What has happened to a shard between two copies of its metrics.
void find_rare_events(std::uint32_t shard, const Metrics& before, const Metrics& now,
                      const std::function<void(const RareEvent&)>& tell);

}  // namespace sipring::app
