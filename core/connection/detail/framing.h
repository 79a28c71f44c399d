// Framing: what the octets of one connection are made of, whichever transport it is: a PROXY header
// in front, a WebSocket's handshake and frames, or SIP as it stands (RFC 3261 section 18.3).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/stream_framer.h>
#include <sipring/core/network_address.h>
#include <sipring/core/stream/proxy_protocol.h>
#include <sipring/core/stream/upgrade.h>
#include <sipring/core/stream/websocket.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace sipring {

class Framing {
 public:
  // Room for what a step writes: the answer to a WebSocket's handshake.
  using Room = std::array<char, UpgradeServer::answer_bytes>;

  enum class Kind : std::uint8_t {
    incomplete,  // `size`: how many octets are needed in all, 0 when not known
    nothing,     // to be done
    message,     // `payload`
    part,        // of a WebSocket message: `payload`; the next `message` ends it
    keep_alive,  // to be answered with a CRLF
    pong,        // or a CRLF that was not asked for
    ping,        // to be answered with a pong of the same payload
    proxied,     // `header` says from whom the connection comes
    upgraded,    // send `answer`, if there is one; messages may come and go
    refused,     // likewise, and end the connection
    closed,      // a Close frame with `code`
    too_large,
    malformed,
  };
  struct Step {
    Kind kind = Kind::incomplete;
    bool ends_parts = false;                // of a message: the parts stand before it
    CloseCode code = CloseCode::no_status;  // of a Close, or for ours
    std::uint64_t size = 0;
    std::span<char> payload{};
    std::string_view answer{};
    ProxyHeader header{};
  };

  Framing() = default;

  // A step of this kind was an answer: the next line end is another.
  void take_pong() {
    if (auto* const framer = std::get_if<StreamFramer>(&stage_)) framer->take_pong();
  }
  void begin_messages(const StreamFramer::Limits& limits) { stage_.emplace<StreamFramer>(limits); }
  // Behind the header come messages, or the upgrade where there is a policy.
  void begin_proxy_header(const StreamFramer::Limits& limits, const UpgradePolicy* upgrade) {
    stage_.emplace<ProxyStage>(limits, upgrade);
  }
  void begin_upgrade(const UpgradePolicy& policy) { stage_.emplace<UpgradeServer>(policy); }
  void begin_upgrade(const UpgradeClient& client) { stage_.emplace<UpgradeClient>(client); }
  void begin_frames(WebSocketRole role, std::uint32_t message_bytes) {
    stage_.emplace<WebSocket>(role, message_bytes);
  }

  // As StreamFramer::next() and WebSocket::next(): nothing is kept of the octets, which change
  // where a mask is taken away.
  [[nodiscard]] Step next(std::span<char> received, Room& room);

  // We have sent a Close. False: we had, or there are no frames.
  bool close_sent();

 private:
  struct ProxyStage {
    StreamFramer::Limits limits;
    const UpgradePolicy* upgrade = nullptr;
  };
  using NotBegun = std::monostate;

  Step next_of(StreamFramer& framer, std::span<char> received);
  Step next_of(WebSocket& websocket, std::span<char> received);
  Step next_of(ProxyStage stage, std::span<char> received);

  std::variant<NotBegun, ProxyStage, UpgradeServer, UpgradeClient, StreamFramer, WebSocket> stage_;
};

}  // namespace sipring
