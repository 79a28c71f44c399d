// What the answering agent can do, as header fields tell it (RFC 3261 sections 11.2, 20.1 to 20.3,
// 20.5, 20.37).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/writer.h>

#include <string_view>

namespace sipring::app {

// With whole dialogs, or with what can be done without their memory.
struct AnswerAbilities {
  HeaderLine allow;
  HeaderLine supported;
  bool has_dialogs;
};
inline constexpr AnswerAbilities with_dialogs{
    {"Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, MESSAGE, REGISTER"},
    {"Supported", "100rel, timer, siprec"},
    true};
inline constexpr AnswerAbilities without_dialogs{
    {"Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE, REGISTER"},
    {"Supported", "siprec"},
    false};

// What is required of a recorder is that it takes the metadata that come along, and it does (RFC
// 7866): nothing else changes for who answers.
inline constexpr std::string_view recorder = "siprec";

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
inline constexpr HeaderLine sdp_content{"Content-Type", "application/sdp"};

}  // namespace sipring::app
