// The opening handshake of a WebSocket, both ends (RFC 6455 section 4), for SIP (RFC 7118 section
// 4): subprotocol "sip", no extensions. What follows the head in the same octets are frames.
//
//   const auto step = upgrade.next(received, room);  // all octets that have come
//   if (step.kind == UpgradeStep::Kind::incomplete) receive more behind them
//   else send step.answer; accepted: received.substr(step.size) is for WebSocket
//
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sipring {

// Why a handshake fails (RFC 6455 sections 4.1, 4.2; RFC 7118 section 4).
// The enumerator names what is wrong with the request, or with the server's response.
enum class UpgradeError : std::uint8_t {
  none,
  head_too_large,     // more octets than UpgradePolicy::head_bytes
  malformed,          // neither a request nor a response of HTTP (RFC 7230 section 3)
  http_version,       // not HTTP/1.1 (6455 section 4.2.1, item 1)
  method,             // not GET (item 1)
  has_body,           // what follows the head are frames
  target,             // no resource name (item 1)
  resource,           // not the one that we serve (section 4.2.2)
  host,               // Host is absent or there twice (item 2)
  upgrade,            // Upgrade does not say websocket (item 3)
  connection,         // Connection does not say Upgrade (item 4)
  key,                // Sec-WebSocket-Key is absent, twice, or not 16 octets in base64 (item 5)
  websocket_version,  // Sec-WebSocket-Version is not 13 (item 6)
  subprotocol,        // sip is not offered, or not what the server chose (RFC 7118 section 4.1)
  origin,             // one that we do not serve (6455 sections 4.2.2, 10.2)
  status,             // the server's is not 101 (section 4.1)
  accept,             // Sec-WebSocket-Accept is not the answer to our key (section 4.1)
  extension,          // the server chose one; we offer none (section 4.1)
};

[[nodiscard]] std::string_view to_string(UpgradeError error);    // "head_too_large"
[[nodiscard]] std::string_view explanation(UpgradeError error);  // one sentence for a human

// How a server answers it: status and phrase, and header fields with their CRLF.
struct UpgradeRefusal {
  std::string_view status;  // "400 Bad Request"
  std::string_view fields;
};
[[nodiscard]] UpgradeRefusal refusal_of(UpgradeError error);

// SHA-1 comes from outside, as core has no cryptography.
using Sha1 = std::array<std::uint8_t, 20> (*)(std::string_view text);

// Outlives the handshakes that go by it, and so do the texts.
struct UpgradePolicy {
  Sha1 sha1 = nullptr;
  std::uint32_t head_bytes = 8'192;
  std::string_view resource{};                  // the only one that is served; empty: any
  std::span<const std::string_view> origins{};  // the only ones, in lower case; empty: any
  bool needs_origin = false;                    // who sends none is no browser: refused, too
};

struct UpgradeStep {
  enum class Kind : std::uint8_t {
    incomplete,
    accepted,  // the first `size` octets are the other end's head
    refused,   // `error` says why; the connection is of no more use
  };
  Kind kind = Kind::incomplete;
  UpgradeError error = UpgradeError::none;
  std::size_t size = 0;
  std::string_view answer{};  // of a server: what to send, written into its room
};

class UpgradeServer {
 public:
  static constexpr std::size_t answer_bytes = 512;

  explicit UpgradeServer(const UpgradePolicy& policy) : policy_(&policy) {}
  // `received`: all octets so far. `room` has `answer_bytes`.
  [[nodiscard]] UpgradeStep next(std::string_view received, std::span<char> room);

 private:
  const UpgradePolicy* policy_;
  std::uint32_t scanned_ = 0;  // octets in which no blank line begins
};

class UpgradeClient {
 public:
  struct Request {
    std::string_view host;  // "example.com:8080": with the port unless it is the scheme's
    std::string_view resource = "/";
    std::string_view origin{};  // empty: none
  };

  // `nonce` is drawn for this connection.
  UpgradeClient(Sha1 sha1, const std::array<std::uint8_t, 16>& nonce)
      : sha1_(sha1), nonce_(nonce) {}

  // What to send first; its size, 0 when it does not fit into `room`.
  [[nodiscard]] std::size_t write_request(std::span<char> room, const Request& request) const;
  // `received`: all octets so far.
  [[nodiscard]] UpgradeStep next(std::string_view received);

 private:
  static constexpr std::uint32_t head_bytes = 8'192;

  Sha1 sha1_;
  std::array<std::uint8_t, 16> nonce_;
  std::uint32_t scanned_ = 0;
};

}  // namespace sipring
