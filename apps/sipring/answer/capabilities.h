// What the answering agent can do, as header fields tell it (RFC 3261 sections 11.2, 20.1 to 20.3,
// 20.5, 20.37).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/names.h>
#include <sipring/core/message/writer.h>

#include <string_view>

namespace sipring::app {

inline constexpr HeaderLine allow{
    "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE, REGISTER"};
// Beside SDP, what trunks, recorders and emergency calls bring along: it is taken, and nothing is
// done about it, as with the media.
inline constexpr std::string_view understood_types[] = {
    "application/isup", "application/qsig", "application/rs-metadata+xml",
    "application/rs-metadata", "application/pidf+xml"};
inline constexpr HeaderLine accept{
    "Accept",
    "application/sdp, multipart/mixed, multipart/alternative, multipart/related, application/isup, "
    "application/qsig, application/rs-metadata+xml, application/rs-metadata, application/pidf+xml"};
inline constexpr HeaderLine accept_encoding{"Accept-Encoding", "identity"};
inline constexpr HeaderLine accept_language{"Accept-Language", "en"};
inline constexpr HeaderLine supported{"Supported", "siprec"};  // the only one (RFC 7866)
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
