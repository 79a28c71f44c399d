// SPDX-License-Identifier: MIT
#include <sipring/core/stream/upgrade.h>

#include <array>
#include <utility>

namespace sipring {
namespace {

struct Entry {
  UpgradeError error;
  std::string_view name;
  std::string_view explanation;
  UpgradeRefusal refusal{"400 Bad Request", ""};
};

using enum UpgradeError;

constexpr std::array<Entry, 18> entries{{
    {none, "none", "Nothing is wrong."},
    {head_too_large,
     "head_too_large",
     "The head of the request is too large.",
     {"431 Request Header Fields Too Large", ""}},
    {malformed, "malformed", "This is not HTTP."},
    {http_version,
     "http_version",
     "A WebSocket needs HTTP/1.1.",
     {"505 HTTP Version Not Supported", ""}},
    {method,
     "method",
     "A WebSocket begins with GET.",
     {"405 Method Not Allowed", "Allow: GET\r\n"}},
    {has_body, "has_body", "The request that begins a WebSocket has no body."},
    {target, "target", "The request names no resource."},
    {resource, "resource", "There is no such resource here.", {"404 Not Found", ""}},
    {host, "host", "The request needs one Host."},
    {upgrade,
     "upgrade",
     "Here are WebSockets only: the request needs Upgrade: websocket.",
     {"426 Upgrade Required", "Upgrade: websocket\r\n"}},
    {connection, "connection", "The request needs Connection: Upgrade."},
    {key, "key", "The request needs one Sec-WebSocket-Key of 16 octets in base64."},
    {websocket_version,
     "websocket_version",
     "This server speaks version 13 of WebSocket.",
     {"426 Upgrade Required", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"}},
    {subprotocol, "subprotocol", "Both sides need Sec-WebSocket-Protocol: sip."},
    {origin, "origin", "Pages of this origin are not served.", {"403 Forbidden", ""}},
    {status, "status", "The server did not switch protocols."},
    {accept, "accept", "Sec-WebSocket-Accept does not answer our key."},
    {extension, "extension", "The server chose an extension that was not offered."},
}};

const Entry& entry_of(UpgradeError error) {
  return entries[std::to_underlying(error)];
}

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (std::to_underlying(entries[i].error) != i) return false;
  return true;
}
static_assert(is_in_order());

}  // namespace

std::string_view to_string(UpgradeError error) {
  return entry_of(error).name;
}

std::string_view explanation(UpgradeError error) {
  return entry_of(error).explanation;
}

UpgradeRefusal refusal_of(UpgradeError error) {
  return entry_of(error).refusal;
}

}  // namespace sipring
