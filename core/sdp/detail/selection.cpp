// Codecs by name, rate and channels; formats of which two settings cannot talk to each other; keys.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/attribute/rtp.h>
#include <sipring/core/sdp/detail/selection.h>
#include <sipring/core/sdp/detail/text.h>

#include <algorithm>

namespace sipring::sdp {

bool is_rtp(std::string_view protocol) {
  return protocol.find("RTP/") != protocol.npos;
}
bool is_secure(std::string_view protocol) {
  return protocol.find("/SAVP") != protocol.npos;
}
bool is_dtls(std::string_view protocol) {
  return protocol.find("TLS/") != protocol.npos;
}

}  // namespace sipring::sdp

namespace sipring::sdp::detail {
namespace {

// A parameter that both must have alike, and what it is when it is not stated.
struct Agreement {
  std::string_view encoding, parameter, otherwise;
};
constexpr Agreement agreements[] = {
    {"AMR", "octet-align", "0"},          // RFC 4867 section 8.3.1
    {"AMR-WB", "octet-align", "0"},       //
    {"H264", "packetization-mode", "0"},  // RFC 6184 section 8.2.2
};

bool agrees(std::string_view encoding, std::string_view theirs, std::string_view ours) {
  for (const Agreement& agreement : agreements) {
    if (!equals_ignoring_case(agreement.encoding, encoding)) continue;
    const auto value = [&](std::string_view fmtp) {
      return FmtpParameters(fmtp).find(agreement.parameter).value_or(agreement.otherwise);
    };
    if (value(theirs) != value(ours)) return false;
  }
  return true;
}

const Codec* find_codec(const Payload& offered, std::span<const Codec> codecs) {
  for (const Codec& codec : codecs)
    if (same_encoding(offered, payload_of(codec)) &&
        agrees(codec.encoding, offered.fmtp, codec.fmtp))
      return &codec;
  return nullptr;
}

}  // namespace

bool only_accompanies(std::string_view encoding) {
  return equals_ignoring_case(encoding, "telephone-event") || equals_ignoring_case(encoding, "CN");
}

Payload payload_of(const Codec& codec) {
  return {codec.payload_type, codec.encoding, codec.clock_rate, codec.channels, codec.fmtp};
}

bool has_protocol(const MediaCapability& capability, std::string_view protocol) {
  return std::ranges::find(capability.protocols, protocol) != capability.protocols.end();
}

Selection::Selection(const Payloads& offered, const MediaCapability& ours, bool single_codec) {
  for (std::uint32_t index = 0; index < offered.size(); ++index) {
    const Payload& payload = offered[index];
    const Codec* const codec = find_codec(payload, ours.codecs);
    if (codec == nullptr) continue;
    const bool is_main = !only_accompanies(codec->encoding);
    if (is_main && has_main_ && single_codec) continue;
    has_main_ |= is_main;
    entries_[size_++] = {&payload, codec};
  }
}

CryptoMatch match_crypto(const Media& offered, const MediaCapability& ours) {
  for (const std::string_view value : offered.attributes("crypto")) {
    const Parsed<Crypto> crypto = parse_crypto(value);
    if (!crypto) continue;
    for (const Crypto& own : ours.crypto)
      if (own.suite == crypto->suite) return {*crypto, &own};
  }
  return {};
}

Keying keying_for(const Media& offered, const MediaCapability& ours) {
  const std::string_view protocol = offered.protocol();
  if (!is_secure(protocol) && !is_dtls(protocol)) return Keying::none;
  const bool has_fingerprint = offered.attribute_or_session("fingerprint").has_value();
  if (has_fingerprint && ours.fingerprint) return Keying::dtls;
  if (!is_dtls(protocol) && match_crypto(offered, ours).ours != nullptr) return Keying::sdes;
  return Keying::impossible;
}

}  // namespace sipring::sdp::detail
