// Attributes of SDP about RTP: payload types, packets, RTCP, sources.
// SPDX-License-Identifier: MIT
#include <check/typed/sdp.h>

#include <sipring/core/sdp/attribute/rtp.h>

#include <fmt/format.h>

namespace sipring::app::typed {
namespace {

TypedValue rtpmap(const sdp::Rtpmap& rtpmap) {
  TypedValue typed{{"payload-type", std::to_string(rtpmap.payload_type)}};
  put(typed, "encoding", rtpmap.encoding);
  put(typed, "clock-rate", rtpmap.clock_rate);
  put(typed, "parameters", rtpmap.parameters);
  return typed;
}

TypedValue fmtp(const sdp::Fmtp& fmtp) {
  TypedValue typed;
  put(typed, "format", fmtp.format);
  for (const sdp::FmtpParameter& parameter : sdp::FmtpParameters(fmtp.parameters)) {
    if (parameter.value.empty())
      put(typed, "parameter", parameter.name);  // telephone-event: "0-15"
    else
      typed.emplace_back(parameter.name, parameter.value);
  }
  return typed;
}

TypedValue milliseconds(const sdp::Decimal& decimal) {
  return {{"milliseconds", fmt::format("{:g}", static_cast<double>(decimal.thousandths) / 1000)}};
}

TypedValue frames(const sdp::Decimal& decimal) {
  return {{"per-second", fmt::format("{:g}", static_cast<double>(decimal.thousandths) / 1000)}};
}

TypedValue rtcp(const sdp::Rtcp& rtcp) {
  TypedValue typed;
  put(typed, "port", rtcp.port);
  put(typed, "address-type", rtcp.address_type);
  put(typed, "address", rtcp.address);
  return typed;
}

TypedValue rtcp_feedback(const sdp::RtcpFeedback& feedback) {
  TypedValue typed{
      {"payload-type", feedback.payload_type ? std::to_string(*feedback.payload_type) : "all"}};
  put(typed, "type", feedback.type);
  put(typed, "parameters", feedback.parameters);
  return typed;
}

TypedValue source(const sdp::Source& source) {
  TypedValue typed{{"source", std::to_string(source.id)}};
  put(typed, "attribute", source.attribute);
  put(typed, "value", source.value);
  return typed;
}

TypedValue source_group(const sdp::SourceGroup& group) {
  TypedValue typed;
  put(typed, "semantics", group.semantics);
  put(typed, "sources", group.sources);
  return typed;
}

TypedValue header_extension(const sdp::HeaderExtension& extension) {
  TypedValue typed{{"id", std::to_string(extension.id)}};
  if (extension.direction) put(typed, "direction", to_string(*extension.direction));
  put(typed, "uri", extension.uri);
  put(typed, "attributes", extension.attributes);
  return typed;
}

constexpr SdpRow rtp_rows[] = {
    {"extmap", sdp_value<sdp::parse_extmap, header_extension>},
    {"fmtp", sdp_value<sdp::parse_fmtp, fmtp>},
    {"framerate", sdp_value<sdp::parse_framerate, frames>},
    {"maxptime", sdp_value<sdp::parse_maxptime, milliseconds>},
    {"ptime", sdp_value<sdp::parse_ptime, milliseconds>},
    {"rtcp", sdp_value<sdp::parse_rtcp, rtcp>},
    {"rtcp-fb", sdp_value<sdp::parse_rtcp_feedback, rtcp_feedback>},
    {"rtpmap", sdp_value<sdp::parse_rtpmap, rtpmap>},
    {"ssrc", sdp_value<sdp::parse_ssrc, source>},
    {"ssrc-group", sdp_value<sdp::parse_ssrc_group, source_group>},
};

}  // namespace

std::span<const SdpRow> rtp_attributes() {
  return rtp_rows;
}

}  // namespace sipring::app::typed
