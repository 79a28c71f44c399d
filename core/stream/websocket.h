// WebSocket: what comes over an upgraded connection, cut into messages and control frames (RFC 6455
// sections 5 to 8). RFC 7118 section 5: each message is one SIP message, text or binary.
//
//   for (;;) {
//     const WebSocket::Frame frame = websocket.next(received);  // all octets not consumed yet
//     if (frame.kind == WebSocket::Kind::incomplete) break;     // receive more behind them
//     ... frame.payload is it ...
//     received = received.subspan(frame.size);
//   }
//
// It holds no octets. The mask is taken away in place, once a frame is whole.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/stream/detail/websocket_frame.h>
#include <sipring/core/stream/websocket_error.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sipring {

class WebSocket {
 public:
  enum class Kind : std::uint8_t {
    // Nothing to consume; `size`: how many octets the frame has, 0 when not known yet.
    incomplete,
    message,  // whole, or the last part of one that came in parts: `ends_parts`
    part,     // of a message that goes on
    ping,     // to be answered by a Pong with its payload
    pong,
    // To be answered by a Close with `code`, unless we have sent one; then the connection ends
    // (section 5.5.1: the server ends it).
    close,
    ignored,  // what comes behind a Close, and messages after ours (section 5.5.1)
    // `error` says why: send a Close with `code` and end the connection (section 7.1.7).
    broken,
  };

  struct Frame {
    Kind kind = Kind::incomplete;
    bool is_text = false;     // of a message or a part
    bool ends_parts = false;  // of a message: what came as parts stands before this payload
    FrameError error = FrameError::none;
    CloseCode code = CloseCode::no_status;  // of a Close, or for ours
    std::uint64_t size = 0;                 // of the frame
    std::span<char> payload{};              // in `received`; a Close: the reason
  };

  // `message_bytes`: the most octets a message has, all parts together; what has more is refused
  // when its head is there.
  explicit WebSocket(WebSocketRole role, std::uint32_t message_bytes = 65'535)
      : message_bytes_(message_bytes), role_(role) {}

  // `received` begins behind what has been consumed, and its octets change. After `incomplete` it
  // must begin with the same octets again; after anything else but `broken`, `size` octets count as
  // consumed.
  [[nodiscard]] Frame next(std::span<char> received);

  // We have sent a Close: messages that still come are ignored (section 5.5.1).
  void close_sent() { close_sent_ = true; }
  [[nodiscard]] bool is_close_sent() const { return close_sent_; }
  [[nodiscard]] WebSocketRole role() const { return role_; }

 private:
  FrameError check(const FrameHead& head) const;
  Frame take(const FrameHead& head, Frame frame);
  Frame take_data(const FrameHead& head, Frame frame);
  Frame take_close(Frame frame);
  bool take_text(std::string_view text, bool is_last);
  Frame fail(FrameError error);

  std::uint32_t message_bytes_;
  std::uint32_t in_parts_ = 0;  // octets of the message so far
  WebSocketRole role_;
  bool has_parts_ = false;
  bool parts_are_text_ = false;
  bool close_sent_ = false;
  bool ended_ = false;           // a Close has come, or something was broken
  std::uint8_t begun_size_ = 0;  // of a character that the last part cut
  std::array<char, 3> begun_{};  // its octets
};
static_assert(sizeof(WebSocket) <= 24);

}  // namespace sipring
