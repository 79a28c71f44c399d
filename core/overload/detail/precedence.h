// What a request is worth when not all can be served: RFC 7339 section 5.10.1. Requests within
// dialogs end or keep what has been admitted already, so they come first; then emergency calls (RFC
// 5031, RFC 4412, RFC 7135), new calls, other requests, and registrations, which come again anyway.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/message/writer.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// In the order in which they are served.
enum class Precedence : std::uint8_t {
  in_dialog,  // with a To tag; ACK, BYE, CANCEL and PRACK whatever their To says
  emergency,  // to urn:service:sos, or with a Resource-Priority of esnet, ets or wps
  call,       // an INVITE
  other,
  registration,
  count,
};
[[nodiscard]] std::string_view to_string(Precedence precedence);

// Of a request that has been framed.
[[nodiscard]] Precedence precedence_of(const Message& request, std::string_view to_tag);
// Of one that is about to be sent.
[[nodiscard]] Precedence precedence_of(const Request& request);
// Of a datagram that nobody has framed: good enough to put many of them in order, and quick. A
// response, or an ACK, is in_dialog; what is no message at all is worth least.
[[nodiscard]] Precedence guess_precedence(std::string_view datagram);

}  // namespace sipring
