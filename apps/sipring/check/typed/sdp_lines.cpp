// Lines of SDP that are no attributes, and what every attribute has: RFC 8866 section 5.
// SPDX-License-Identifier: MIT
#include <check/typed/sdp.h>

#include <sipring/core/sdp/attribute/fax.h>
#include <sipring/core/sdp/direction.h>
#include <sipring/core/sdp/fields.h>

#include <fmt/format.h>

#include <algorithm>

namespace sipring::app::typed {
namespace {

TypedValue origin(const sdp::Origin& origin) {
  TypedValue typed;
  put(typed, "username", origin.username);
  put(typed, "session", origin.session_id);
  put(typed, "version", origin.session_version);
  put(typed, "address-type", origin.address_type);
  put(typed, "address", origin.address);
  return typed;
}

TypedValue connection(const sdp::Connection& connection) {
  TypedValue typed;
  put(typed, "address-type", connection.address_type);
  put(typed, "address", connection.address);
  put(typed, "multicast", connection.suffix);
  put_flag(typed, "hold-of-old", is_null_address(connection));
  return typed;
}

TypedValue bandwidth(const sdp::Bandwidth& bandwidth) {
  return {{"type", std::string(bandwidth.type)}, {"value", std::to_string(bandwidth.value)}};
}

TypedValue timing(const sdp::Timing& timing) {
  const auto text = [](std::uint64_t seconds) {
    return seconds == 0 ? std::string("unbounded") : std::to_string(seconds);
  };
  return {{"start", text(timing.start)}, {"stop", text(timing.stop)}};
}

TypedValue repeat(const sdp::Repeat& repeat) {
  return {{"interval", std::to_string(repeat.interval)},
          {"duration", std::to_string(repeat.duration)},
          {"offsets", std::string(repeat.offsets)}};
}

TypedValue zones(const sdp::Zones& zones) {
  return {{"pairs", std::string(zones.pairs)}};
}

TypedValue key(const sdp::Key& key) {
  TypedValue typed;
  put(typed, "method", key.method);
  put(typed, "key", key.key);
  return typed;
}

TypedValue media_line(const sdp::MediaLine& media) {
  TypedValue typed;
  put(typed, "media", media.kind);
  typed.emplace_back("port", media.port == 0 ? "0: not in use" : std::to_string(media.port));
  if (media.port_count != 1) put(typed, "ports", media.port_count);
  put(typed, "protocol", media.protocol);
  put(typed, "formats", media.formats);
  return typed;
}

SdpValue fax(const sdp::Attribute& attribute) {
  sdp::Fax fax;
  const Parsed<bool> taken = sdp::take_fax_attribute(fax, attribute);
  if (!taken) return {{}, taken.error(), {}};
  if (!*taken) return {};
  return {{{"fax", attribute.has_value ? std::string(attribute.value) : "yes"}}, {}, {}};
}

SdpValue known_attribute(const sdp::Attribute& attribute) {
  for (const auto rows : {rtp_attributes(), transport_attributes()})
    for (const SdpRow& row : rows)
      if (row.attribute == attribute.name) return row.type(attribute.value);
  if (const auto direction = sdp::direction_from(attribute.name))
    return {{{"direction", std::string(to_string(*direction))}}, {}, {}};
  return fax(attribute);
}

SdpValue attribute(std::string_view value) {
  const std::size_t colon = value.find(':');
  sdp::Attribute attribute{value.substr(0, colon), value.substr(value.size()), false};
  const std::size_t offset = std::min(colon, value.size() - 1) + 1;
  if (colon != value.npos) attribute = {attribute.name, value.substr(offset), true};
  SdpValue result = known_attribute(attribute);
  if (result.error) result.error->offset += static_cast<std::uint32_t>(offset);
  Forgiven moved;
  moved.add(result.forgiven, offset);
  result.forgiven = moved;
  return result;
}

}  // namespace

SdpValue sdp_line(char type, std::string_view value) {
  switch (type) {
    case 'o': return sdp_value<sdp::parse_origin, origin>(value);
    case 'c': return sdp_value<sdp::parse_connection, connection>(value);
    case 'b': return sdp_value<sdp::parse_bandwidth, bandwidth>(value);
    case 't': return sdp_value<sdp::parse_timing, timing>(value);
    case 'r': return sdp_value<sdp::parse_repeat, repeat>(value);
    case 'z': return sdp_value<sdp::parse_zones, zones>(value);
    case 'k': return sdp_value<sdp::parse_key, key>(value);
    case 'm': return sdp_value<sdp::parse_media_line, media_line>(value);
    case 'a': return value.empty() ? SdpValue{} : attribute(value);
    default: return {};
  }
}

}  // namespace sipring::app::typed
