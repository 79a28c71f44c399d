// A WebSocket: however its octets arrive in pieces, the same is heard, nothing outside them is
// read, and no frame is waited for that will be refused. The first octet of the input says how
// large the pieces are and which end we are.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/utf8.h>
#include <sipring/core/stream/websocket.h>

#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;
using Kind = WebSocket::Kind;

constexpr std::uint32_t limit = 512;

struct Heard {
  Kind kind;
  std::string text;
  FrameError error;
  friend bool operator==(const Heard&, const Heard&) = default;
};

// Text is UTF-8 when it is heard, whatever it was cut into.
void check_message(const WebSocket::Frame& frame, std::string_view text) {
  fuzz::must(text.size() <= limit, "no message is above the limit");
  fuzz::must(!frame.is_text || is_utf8(text), "text is UTF-8");
}

std::vector<Heard> hear(std::string_view stream, std::size_t step, WebSocketRole role) {
  WebSocket websocket(role, limit);
  std::vector<Heard> heard;
  std::string held;
  std::string message;
  for (std::size_t begin = 0; begin < stream.size(); begin += step) {
    held += stream.substr(begin, step);
    while (!held.empty()) {
      std::vector<char> exact(held.begin(), held.end());  // a sanitizer sees its end
      const WebSocket::Frame frame = websocket.next(exact);
      if (frame.kind == Kind::incomplete) {
        fuzz::must(frame.size <= limit + FrameHead::max_size, "what is waited for will be taken");
        break;
      }
      if (frame.kind == Kind::broken) {
        heard.push_back({frame.kind, {}, frame.error});
        return heard;
      }
      fuzz::must(frame.size != 0 && frame.size <= exact.size(), "a frame is what has come");
      held.erase(0, frame.size);
      if (frame.kind == Kind::ignored) return heard;
      const std::string payload(frame.payload.data(), frame.payload.size());
      if (frame.kind == Kind::part || frame.kind == Kind::message) message += payload;
      if (frame.kind == Kind::part) continue;
      if (frame.kind == Kind::message) check_message(frame, message);
      heard.push_back({frame.kind, frame.kind == Kind::message ? message : payload, frame.error});
      if (frame.kind == Kind::message) message.clear();
    }
  }
  return heard;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto role = (data[0] & 0x80) != 0 ? WebSocketRole::client : WebSocketRole::server;
  const std::string_view stream = fuzz::text_of(data + 1, size - 1);
  fuzz::must(hear(stream, (data[0] & 0x7f) + 1u, role) == hear(stream, stream.size(), role),
             "pieces make no difference");
  return 0;
}
