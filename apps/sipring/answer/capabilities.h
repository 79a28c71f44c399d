// What the answering agent can do, as header fields tell it (RFC 3261 sections 11.2, 20.1 to 20.3,
// 20.5, 20.37).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/names.h>
#include <sipring/core/message/writer.h>

namespace sipring::app {

inline constexpr HeaderLine allow{
    "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE, REGISTER"};
inline constexpr HeaderLine accept{"Accept", "application/sdp"};
inline constexpr HeaderLine accept_encoding{"Accept-Encoding", "identity"};
inline constexpr HeaderLine accept_language{"Accept-Language", "en"};
inline constexpr HeaderLine supported{"Supported", ""};  // no extension: section 20.37
inline constexpr HeaderLine sdp_content{"Content-Type", "application/sdp"};

[[nodiscard]] constexpr bool is_allowed(Method method) {
  switch (method) {
    case Method::invite:
    case Method::ack:
    case Method::cancel:
    case Method::bye:
    case Method::options:
    case Method::info:
    case Method::update:
    case Method::message:
    case Method::register_: return true;
    default: return false;
  }
}

}  // namespace sipring::app
