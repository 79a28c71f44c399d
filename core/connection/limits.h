// What connections may cost: how many, how long, how much. All memory is taken at construction.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/overload/token_bucket.h>
#include <sipring/core/time.h>

#include <cstddef>
#include <cstdint>

namespace sipring {

// Of one source, an address or the /64 of one (core/overload/detail/source_key.h). 0: no limit.
struct SourceConnectionLimits {
  std::uint32_t connections = 4'096;
  std::uint32_t handshakes = 512;        // that have not ended
  std::uint32_t new_per_second = 2'000;  // connections
  std::uint32_t messages_per_second = 0;
  // Who breaks a rule more often (octets that are no message, handshakes and heads that never end)
  // is refused for `ban`.
  std::uint32_t offences_per_minute = 60;
  Duration ban = std::chrono::seconds(60);
};

struct ConnectionLimits {
  std::uint32_t connections = 16'384;
  std::uint32_t handshakes = 2'048;  // accepted connections that are not open yet
  SourceConnectionLimits source;
  std::uint32_t sources = 4'096;  // that are watched

  std::uint32_t head_bytes = 65'535;
  std::uint32_t message_bytes = 65'535;
  std::uint32_t sends = 8'192;             // messages that wait to be written
  std::uint32_t queue_bytes = 256 * 1024;  // of one connection; more: the send fails
  // Of one connection; while more waits, nothing is read from it (Connections::is_backed_up).
  std::uint32_t queue_low_bytes = 64 * 1024;
  std::size_t partial_bytes =
      16 * std::size_t{1024 * 1024};  // memory of messages that are not whole

  Duration connect = std::chrono::seconds(10);
  Duration handshake = std::chrono::seconds(10);
  Duration first_message = std::chrono::seconds(30);   // of an accepted connection, whole
  Duration message = std::chrono::seconds(10);         // from its first octet to its last
  Duration write_progress = std::chrono::seconds(10);  // a peer that reads nothing for so long
  Duration idle = std::chrono::minutes(15);  // RFC 3261 section 18: longer than any transaction
  Duration close = std::chrono::seconds(2);

  // After a failed try the next waits `backoff`, twice that, and so on; each between the whole and
  // half of it (RFC 5626 section 4.5). Messages wait no longer than `longest_wait` for it.
  Duration backoff = std::chrono::milliseconds(500);
  Duration longest_backoff = std::chrono::seconds(30);
  Duration longest_wait = std::chrono::seconds(4);
  std::uint32_t targets = 1'024;  // that are remembered to have failed
};

}  // namespace sipring
