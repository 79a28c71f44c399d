// SPDX-License-Identifier: MIT
#include <sipring/core/connection/detail/framing.h>

namespace sipring {
namespace {

using Kind = Framing::Kind;
using Step = Framing::Step;

std::string_view text_of(std::span<char> octets) {
  return {octets.data(), octets.size()};
}

Step step_of(Kind kind, std::uint64_t size) {
  Step step;
  step.kind = kind;
  step.size = size;
  return step;
}

Kind kind_of(const StreamFramer::Frame& frame) {
  switch (frame.kind) {
    case StreamFramer::Kind::incomplete: return Kind::incomplete;
    case StreamFramer::Kind::message: return Kind::message;
    case StreamFramer::Kind::line_end: return Kind::pong;
    case StreamFramer::Kind::keep_alive: return Kind::keep_alive;
    case StreamFramer::Kind::too_large: return Kind::too_large;
    case StreamFramer::Kind::broken: break;
  }
  return frame.error.code == ParseErrorCode::message_too_large ? Kind::too_large : Kind::malformed;
}

Kind kind_of(const WebSocket::Frame& frame) {
  switch (frame.kind) {
    case WebSocket::Kind::incomplete: return Kind::incomplete;
    case WebSocket::Kind::message: return Kind::message;
    case WebSocket::Kind::part: return Kind::part;
    case WebSocket::Kind::ping: return Kind::ping;
    case WebSocket::Kind::close: return Kind::closed;
    case WebSocket::Kind::pong: return Kind::pong;
    case WebSocket::Kind::ignored: return Kind::nothing;
    case WebSocket::Kind::broken: break;
  }
  return frame.error == FrameError::message_too_large ? Kind::too_large : Kind::malformed;
}

Step step_of(const UpgradeStep& upgrade) {
  Step step = step_of(Kind::incomplete, upgrade.size);
  if (upgrade.kind == UpgradeStep::Kind::accepted) step.kind = Kind::upgraded;
  if (upgrade.kind == UpgradeStep::Kind::refused) step.kind = Kind::refused;
  step.answer = upgrade.answer;
  return step;
}

}  // namespace

Step Framing::next(std::span<char> received, Room& room) {
  if (auto* framer = std::get_if<StreamFramer>(&stage_)) return next_of(*framer, received);
  if (auto* websocket = std::get_if<WebSocket>(&stage_)) return next_of(*websocket, received);
  if (auto* server = std::get_if<UpgradeServer>(&stage_))
    return step_of(server->next(text_of(received), room));
  if (auto* client = std::get_if<UpgradeClient>(&stage_))
    return step_of(client->next(text_of(received)));
  if (auto* proxy = std::get_if<ProxyStage>(&stage_)) return next_of(*proxy, received);
  return step_of(Kind::malformed, 0);  // octets before anything is due
}

Step Framing::next_of(StreamFramer& framer, std::span<char> received) {
  const StreamFramer::Frame frame = framer.next(text_of(received));
  Step step = step_of(kind_of(frame), frame.size);
  if (step.kind == Kind::message) step.payload = received.first(frame.size);
  return step;
}

Step Framing::next_of(WebSocket& websocket, std::span<char> received) {
  const WebSocket::Frame frame = websocket.next(received);
  Step step = step_of(kind_of(frame), frame.size);
  step.ends_parts = frame.ends_parts;
  step.code = frame.code;
  step.payload = frame.payload;
  // RFC 7118 section 6: keep-alives of RFC 5626 may come as messages.
  if (step.kind == Kind::message && !step.ends_parts) {
    if (text_of(step.payload) == "\r\n\r\n") step.kind = Kind::keep_alive;
    if (text_of(step.payload) == "\r\n") step.kind = Kind::pong;
  }
  return step;
}

Step Framing::next_of(ProxyStage stage, std::span<char> received) {
  const auto header = read_proxy_header(text_of(received));
  if (!header) return step_of(Kind::malformed, 0);
  if (header->size == 0) return step_of(Kind::incomplete, 0);
  Step step = step_of(Kind::proxied, header->size);
  step.header = *header;
  if (stage.upgrade != nullptr) {
    begin_upgrade(*stage.upgrade);
  } else {
    begin_messages(stage.limits);
  }
  return step;
}

bool Framing::close_sent() {
  auto* websocket = std::get_if<WebSocket>(&stage_);
  if (websocket == nullptr || websocket->is_close_sent()) return false;
  websocket->close_sent();
  return true;
}

}  // namespace sipring
