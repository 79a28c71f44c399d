// Attributes of SDP about what media go over: ICE, keys, connections, groups.
// SPDX-License-Identifier: MIT
#include <check/typed/sdp.h>

#include <sipring/core/sdp/attribute/grouping.h>
#include <sipring/core/sdp/attribute/ice.h>
#include <sipring/core/sdp/attribute/rtp.h>
#include <sipring/core/sdp/attribute/security.h>

namespace sipring::app::typed {
namespace {

TypedValue candidate(const sdp::Candidate& candidate) {
  TypedValue typed;
  put(typed, "foundation", candidate.foundation);
  put(typed, "component", candidate.component);
  put(typed, "transport", candidate.transport);
  put(typed, "priority", candidate.priority);
  put(typed, "address", candidate.address);
  put(typed, "port", candidate.port);
  put(typed, "type", candidate.type);
  put(typed, "related-address", candidate.related_address);
  if (candidate.related_port) put(typed, "related-port", *candidate.related_port);
  for (const sdp::CandidateExtension extension : sdp::CandidateExtensions(candidate.extensions))
    typed.emplace_back(extension.name, extension.value);
  return typed;
}

TypedValue ice_text(const sdp::IceText& ice) {
  return {{"text", std::string(ice.text)}};
}

TypedValue fingerprint(const sdp::Fingerprint& fingerprint) {
  return {{"hash", std::string(fingerprint.hash)}, {"digits", std::string(fingerprint.digits)}};
}

TypedValue setup(const sdp::SetupRole& setup) {
  return {{"role", std::string(to_string(setup.role))}};
}

TypedValue connection_kind(const sdp::ConnectionKind& connection) {
  return {{"connection", std::string(to_string(connection.use))}};
}

TypedValue crypto(const sdp::Crypto& crypto) {
  TypedValue typed{{"tag", std::to_string(crypto.tag)}};
  put(typed, "suite", crypto.suite);
  for (const std::string_view text : sdp::Words(crypto.key_parameters, ";")) {
    const auto key = sdp::parse_key_parameter(text);
    if (!key) break;
    put(typed, "method", key->method);
    put(typed, "key", key->key_salt);
    put(typed, "lifetime", key->lifetime);
    put(typed, "mki", key->mki);
  }
  put(typed, "parameters", crypto.session_parameters);
  return typed;
}

TypedValue mid(const sdp::Mid& mid) {
  return {{"id", std::string(mid.id)}};
}

TypedValue group(const sdp::Group& group) {
  TypedValue typed;
  put(typed, "semantics", group.semantics);
  put(typed, "media", group.mids);
  return typed;
}

TypedValue msid(const sdp::Msid& msid) {
  TypedValue typed;
  put(typed, "stream", msid.id);
  put(typed, "track", msid.application_data);
  return typed;
}

TypedValue sctp_port(const sdp::SctpPort& sctp) {
  return {{"port", sctp.port == 0 ? "0: closed" : std::to_string(sctp.port)}};
}

constexpr SdpRow transport_rows[] = {
    {"candidate", sdp_value<sdp::parse_candidate, candidate>},
    {"connection", sdp_value<sdp::parse_connection_use, connection_kind>},
    {"crypto", sdp_value<sdp::parse_crypto, crypto>},
    {"fingerprint", sdp_value<sdp::parse_fingerprint, fingerprint>},
    {"group", sdp_value<sdp::parse_group, group>},
    {"ice-options", sdp_value<sdp::parse_ice_options, ice_text>},
    {"ice-pwd", sdp_value<sdp::parse_ice_pwd, ice_text>},
    {"ice-ufrag", sdp_value<sdp::parse_ice_ufrag, ice_text>},
    {"mid", sdp_value<sdp::parse_mid, mid>},
    {"msid", sdp_value<sdp::parse_msid, msid>},
    {"sctp-port", sdp_value<sdp::parse_sctp_port, sctp_port>},
    {"setup", sdp_value<sdp::parse_setup, setup>},
};

}  // namespace

std::span<const SdpRow> transport_attributes() {
  return transport_rows;
}

}  // namespace sipring::app::typed
