// Offers and answers, and what an agent can do with media, from which they are made: RFC 3264
// sections 5 and 6. Multicast streams are out of scope.
//
//   constexpr sdp::Codec codecs[] = {{.encoding = "PCMA", .payload_type = 8},
//                                    {.encoding = "telephone-event", .payload_type = 101,
//                                     .fmtp = "0-15"}};
//   const sdp::MediaCapability audio[] = {{.port = 4000, .codecs = codecs}};
//   const sdp::Capabilities capabilities{.media = audio};
//   sdp::Writer writer(room);
//   const auto answer = sdp::write_answer(offer, capabilities, self, writer);
//   if (answer && answer->accepted == 0) ... 488 (RFC 3261 section 21.4.26)
//
// Nothing allocates: both write straight into the caller's room. Capabilities are plain tables of
// views: whoever fills them keeps the texts alive while they are used.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/sdp/attribute/fax.h>
#include <sipring/core/sdp/attribute/security.h>
#include <sipring/core/sdp/direction.h>
#include <sipring/core/sdp/fields.h>
#include <sipring/core/sdp/session.h>
#include <sipring/core/sdp/writer.h>

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

namespace sipring::sdp {

// Transport protocols (RFC 3551, RFC 3711, RFC 4585, RFC 5124, RFC 5764, T.38).
inline constexpr std::string_view rtp_avp = "RTP/AVP";
inline constexpr std::string_view rtp_savp = "RTP/SAVP";
inline constexpr std::string_view rtp_avpf = "RTP/AVPF";
inline constexpr std::string_view rtp_savpf = "RTP/SAVPF";
inline constexpr std::string_view dtls_savp = "UDP/TLS/RTP/SAVP";
inline constexpr std::string_view dtls_savpf = "UDP/TLS/RTP/SAVPF";
inline constexpr std::string_view udptl = "udptl";

inline constexpr std::string_view only_rtp_avp[] = {rtp_avp};

[[nodiscard]] bool is_rtp(std::string_view protocol);
[[nodiscard]] bool is_secure(std::string_view protocol);  // an SAVP profile
[[nodiscard]] bool is_dtls(std::string_view protocol);    // keyed by DTLS only

struct Codec {
  std::string_view encoding = {};  // "PCMU", "opus", "telephone-event" ...
  std::uint32_t clock_rate = 8'000;
  std::uint32_t channels = 1;
  std::uint8_t payload_type = 0;  // in our offers; answers use the offer's numbers
  std::string_view fmtp = {};
};

// One m= line that we can fill.
struct MediaCapability {
  std::string_view kind = "audio";
  std::uint16_t port = 0;         // 0 in an offer: the media is not in use
  std::string_view address = {};  // empty: the session's
  bool ipv6 = false;              // of `address`
  std::span<const std::string_view> protocols = only_rtp_avp;  // an offer uses the first
  std::span<const Codec> codecs = {};                          // in the order of our preference
  std::span<const std::string_view> formats = {};              // of media that are not RTP: "t38"
  Direction direction = Direction::sendrecv;
  std::uint16_t ptime = 0;  // milliseconds; 0: not stated
  std::uint16_t maxptime = 0;
  bool rtcp_mux = false;      // RFC 5761
  std::string_view mid = {};  // in our offers; answers use the offer's
  // DTLS-SRTP (RFC 5763): our certificate, and the role that we offer.
  std::optional<Fingerprint> fingerprint = {};
  Setup setup = Setup::actpass;
  std::span<const Crypto> crypto = {};  // SDES (RFC 4568); an answer takes the tag of the offer
  std::optional<Fax> fax = {};          // T.38
  std::span<const Attribute> attributes = {};  // written as they are: ICE, extmap, rtcp-fb ...
};

struct Capabilities {
  std::span<const MediaCapability> media = {};
  bool bundle = false;        // RFC 9143; needs mids, and rtcp_mux for RTP
  bool single_codec = false;  // answer with the first common codec alone (and events)
};

// What our descriptions of one session say of themselves.
struct LocalSession {
  std::string_view username = "-";
  std::uint64_t session_id = 0;  // the same for all of the session
  std::uint64_t version = 0;     // one more with each change (RFC 3264 section 8)
  std::string_view address = {};
  bool ipv6 = false;
  std::string_view name = "-";
};

enum class OfferAnswerError : std::uint8_t {
  too_large,   // the room is too small
  unwritable,  // a text of ours has CR, LF or NUL in it
};

struct Answered {
  std::uint32_t media = 0;     // m= lines, as many as in the offer
  std::uint32_t accepted = 0;  // with a port that is not 0
};

// An m= line for each capability, in their order: a later offer of the session with the same
// capabilities (other directions, port 0 for one that is no longer in use) keeps them in place
// (section 8). Raise the version with every change.
std::expected<void, OfferAnswerError> write_offer(const Capabilities& capabilities,
                                                  const LocalSession& self, Writer& writer);

// Every m= line in the offer's order. Accepted: the kind and protocol are ours, a codec is common
// (telephone-event and CN come along with one, never alone), keys can be agreed on; each capability
// serves one m= line. Everything else is rejected by port 0. Payload types are the offer's numbers.
// A direction is mirrored and cut to ours; a null address without ICE is an old hold (section 8.4).
// Beyond 64 m= lines all are rejected.
std::expected<Answered, OfferAnswerError> write_answer(const Session& offer,
                                                       const Capabilities& capabilities,
                                                       const LocalSession& self, Writer& writer);

// What the offerer lets happen: its direction, with an old hold taken into account.
[[nodiscard]] Direction offered_direction(const Media& media);

}  // namespace sipring::sdp
