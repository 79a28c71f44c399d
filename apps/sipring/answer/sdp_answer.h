// The session descriptions of an agent that has no media: it agrees to audio in PCMU or PCMA with
// telephone-events, and names a port that discards what comes (RFC 8866, RFC 3264 sections 5, 6).
// SPDX-License-Identifier: MIT
#pragma once

#include <answer/rejection.h>

#include <sipring/core/sdp/direction.h>
#include <sipring/pools/fixed_text.h>

#include <cstdint>
#include <expected>
#include <string_view>

namespace sipring::app {

using SdpText = FixedText<4096>;

// Of our descriptions in one session.
struct SdpOrigin {
  std::uint64_t session = 0;  // the same for all of the dialog
  std::uint32_t version = 0;  // grows from one description to the next
  std::string_view host;      // an address or a name
  bool ipv6 = false;
  std::uint16_t port = 9;  // of the audio
  sdp::Direction direction = sdp::Direction::sendrecv;
};

enum class SdpError : std::uint8_t {
  malformed,       // no session description
  no_audio,        // none at all
  no_transport,    // audio over another protocol
  no_codec,        // audio, in other codecs
  too_many_lines,  // more than we have room to read
  too_many_media,
  too_long,
  answer_too_long,  // its answer would not fit
};

// How such an offer is refused (RFC 3261 sections 13.3.1.3, 20.43, 21.4.26).
[[nodiscard]] Rejection rejection_of(SdpError error);

// Answers every m= line in order: the first codec that we know and telephone-events, or port 0
// (section 6). The direction is mirrored: what the offerer only sends we only receive.
[[nodiscard]] std::expected<void, SdpError> write_sdp_answer(std::string_view offer,
                                                             const SdpOrigin& origin,
                                                             SdpText& answer);
void write_sdp_offer(const SdpOrigin& origin, SdpText& offer);

}  // namespace sipring::app
