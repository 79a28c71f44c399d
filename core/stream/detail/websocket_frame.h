// One WebSocket frame: its head and its mask (RFC 6455 sections 5.2 and 5.3).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/stream/websocket_error.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

enum class Opcode : std::uint8_t { continuation, text, binary, close = 8, ping, pong };

[[nodiscard]] constexpr bool is_control(Opcode opcode) {
  return opcode >= Opcode::close;
}

// A client draws one for every frame, so that nobody can foretell it (section 10.3).
using MaskKey = std::array<std::uint8_t, 4>;

struct FrameHead {
  static constexpr std::size_t max_size = 14;
  static constexpr std::size_t max_control_payload = 125;

  Opcode opcode = Opcode::text;
  bool is_final = true;
  std::optional<MaskKey> mask;
  std::uint64_t payload_size = 0;
};

// Which end of the connection we are: a client masks, a server does not.
enum class WebSocketRole : std::uint8_t { server, client };

// `bytes` begins with a frame from the other end. `size`: of the head, 0 while it is not whole.
// What can be refused is refused at its first octet.
struct ReadHead {
  FrameHead head;
  std::size_t size = 0;
};
[[nodiscard]] std::expected<ReadHead, FrameError> read_frame_head(std::string_view bytes,
                                                                  WebSocketRole role);

// Writes the head so that it ends where the payload begins, with a length of the fewest octets.
// Before `payload` there is room for FrameHead::max_size octets; returns where the head begins.
[[nodiscard]] char* write_frame_head(char* payload, const FrameHead& head);

// Masks, or takes the mask away, in place.
void mask(std::span<char> payload, const MaskKey& key);

// A whole frame into `room`, which it fits: at most FrameHead::max_size octets and the payload.
// Returns its size.
[[nodiscard]] std::size_t write_frame(std::span<char> room, Opcode opcode, std::string_view payload,
                                      const std::optional<MaskKey>& key);
// A Close frame with a number that may be sent, or with none for CloseCode::no_status, and a reason
// of at most 123 octets.
[[nodiscard]] std::size_t write_close(std::span<char> room, CloseCode code, std::string_view reason,
                                      const std::optional<MaskKey>& key);

namespace detail {
void mask_plain(std::span<char> payload, const MaskKey& key);  // octet by octet: the twin for tests
}  // namespace detail

}  // namespace sipring
