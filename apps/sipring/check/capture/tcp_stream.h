// TcpStream: one direction of a TCP connection out of a capture: segments put in order, and cut
// into SIP messages.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/capture/packet.h>

#include <sipring/core/message/stream_framer.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sipring::app {

class TcpStream {
 public:
  using Take = std::function<void(std::string_view message)>;

  // Calls `take` for each message that is complete now. A capture may begin in the middle of a
  // connection, or lack segments: reading then starts at the next one that begins like a message.
  void add(const TcpSegment& segment, const Take& take);
  // No more segments will come: what was held back behind a gap is read now.
  void end(const Take& take);

  [[nodiscard]] std::size_t gaps() const { return gaps_; }

 private:
  static constexpr std::size_t most_held = 1 << 20;  // octets behind a gap that may yet be filled

  void append_held(const Take& take);
  void skip_gap();
  void append(std::string_view octets, const Take& take);
  void cut(const Take& take);

  std::optional<std::uint32_t> next_;          // the sequence number that comes next
  std::map<std::uint32_t, std::string> held_;  // what has come too early, by sequence number
  std::size_t held_octets_ = 0;
  std::string received_;
  std::uint64_t discard_ = 0;  // octets of a message that was too large
  StreamFramer framer_;
  std::size_t gaps_ = 0;
};

// Whether octets begin as a SIP message does: with "SIP/", or with a line in which " SIP/" stands.
[[nodiscard]] bool begins_like_sip(std::string_view octets);

}  // namespace sipring::app
