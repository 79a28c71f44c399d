// TlsLine: the TLS of one connection, and the records that have been made and have not left.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/io/tls/session.h>
#include <sipring/pools/buffer.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sipring {

struct TlsLine {
  // A connection writes one plaintext at a time; the others are a handshake's, or answers to a
  // peer's wish for new keys.
  static constexpr std::uint32_t most_records = 8;

  struct Record {
    Ref<Buffer> octets;
    std::uint32_t plain = 0;  // octets of messages in it
  };

  explicit TlsLine(TlsSession&& its_session) : session(std::move(its_session)) {}

  // False: more wait than an honest peer makes us write.
  [[nodiscard]] bool push(Ref<Buffer>&& octets, std::uint32_t plain) {
    if (count == most_records) return false;
    records[count++] = {std::move(octets), plain};
    return true;
  }
  [[nodiscard]] bool has_records() const { return count != 0; }
  // What of the first has not left. There is one.
  [[nodiscard]] std::string_view unsent() const { return records[0].octets->view().substr(left); }
  // So many octets have left; how many of messages are through with that.
  [[nodiscard]] std::uint32_t sent(std::uint32_t octets) {
    left += octets;
    if (left < records[0].octets->size()) return 0;
    const std::uint32_t plain = records[0].plain;
    std::shift_left(records.begin(), records.begin() + count, 1);
    records[--count] = {};
    left = 0;
    return plain;
  }

  TlsSession session;
  std::array<Record, most_records> records;
  std::size_t domain_hash = 0;  // of whom a server speaks for, that we have connected to
  std::uint32_t count = 0;
  std::uint32_t left = 0;     // octets of the first record that have left
  std::uint32_t waiting = 0;  // pieces of it in the HandshakeQueue
  // More requests of a peer with a certificate in which an "alias" is looked for.
  std::uint8_t looks = 16;
  Instant used{};             // octets came or went
  bool has_buffers = true;    // OpenSSL keeps some for it
  bool ends_writing = false;  // close_notify is among the records; then no more is written
};

}  // namespace sipring
