// What a WebSocket reads out of octets that arrive in pieces: messages put together, control
// frames, and the end.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/stream/websocket.h>

#include <array>
#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace sipring::test {

struct Heard {
  WebSocket::Kind kind = WebSocket::Kind::message;
  std::string text{};
  bool is_text = false;
  FrameError error = FrameError::none;
  CloseCode code = CloseCode::no_status;
  friend bool operator==(const Heard&, const Heard&) = default;
};

inline void PrintTo(const Heard& heard, std::ostream* out) {
  *out << "kind " << static_cast<int>(heard.kind) << " '" << heard.text << "' "
       << to_string(heard.error) << ' ' << static_cast<int>(heard.code);
}

// Holds what is incomplete, as a connection does.
class WebSocketReader {
 public:
  explicit WebSocketReader(const WebSocket& websocket) : websocket_(websocket) {}

  void receive(std::string_view octets) {
    held_ += octets;
    for (;;) {
      std::string exact = held_;  // a sanitizer sees its end
      const WebSocket::Frame frame = websocket_.next(exact);
      if (frame.kind == WebSocket::Kind::incomplete) return;
      take(frame);
      if (frame.kind == WebSocket::Kind::broken) return held_.clear();
      held_.erase(0, frame.size);
    }
  }

  [[nodiscard]] const std::vector<Heard>& heard() const { return heard_; }
  [[nodiscard]] std::size_t held() const { return held_.size(); }
  [[nodiscard]] WebSocket& websocket() { return websocket_; }

 private:
  void take(const WebSocket::Frame& frame) {
    if (frame.kind == WebSocket::Kind::ignored) return;
    const std::string_view payload(frame.payload.data(), frame.payload.size());
    if (frame.kind == WebSocket::Kind::part) {
      parts_ += payload;
      return;
    }
    Heard heard{frame.kind, std::string(payload), frame.is_text, frame.error, frame.code};
    if (frame.ends_parts) heard.text.insert(0, parts_), parts_.clear();
    heard_.push_back(heard);
  }

  WebSocket websocket_;
  std::string held_;
  std::string parts_;
  std::vector<Heard> heard_;
};

inline std::vector<Heard> hear(const WebSocket& websocket, std::string_view octets,
                               std::size_t step) {
  WebSocketReader reader(websocket);
  for (; !octets.empty(); octets.remove_prefix(std::min(step, octets.size())))
    reader.receive(octets.substr(0, step));
  return reader.heard();
}

inline constexpr MaskKey test_key{0x12, 0xa7, 0x00, 0xff};

// A frame from the other end of `role`'s.
struct Sending {
  Opcode opcode = Opcode::text;
  bool is_final = true;
};
inline std::string frame(std::string_view payload, const Sending& sending = {},
                         WebSocketRole to = WebSocketRole::server) {
  FrameHead head{.opcode = sending.opcode,
                 .is_final = sending.is_final,
                 .mask = std::nullopt,
                 .payload_size = payload.size()};
  if (to == WebSocketRole::server) head.mask = test_key;
  std::string octets(FrameHead::max_size, '\0');
  const char* const begin = write_frame_head(octets.data() + octets.size(), head);
  octets.erase(0, static_cast<std::size_t>(begin - octets.data()));
  const std::size_t head_size = octets.size();
  octets += payload;
  if (head.mask) mask({octets.data() + head_size, payload.size()}, *head.mask);
  return octets;
}

}  // namespace sipring::test
