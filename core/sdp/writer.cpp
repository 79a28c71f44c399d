// Lines put together piece by piece, one function for each kind.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/sdp/session.h>
#include <sipring/core/sdp/writer.h>

#include <algorithm>

namespace sipring::sdp {

namespace {

// CR, LF or NUL.
constexpr bool breaks_line(char octet) {
  constexpr std::uint32_t breaks = 1U << '\r' | 1U << '\n' | 1U << 0;
  const auto value = static_cast<unsigned char>(octet);
  return value < 32 && (breaks >> value & 1) != 0;
}

bool breaks_line(std::string_view text) {
  return std::ranges::any_of(text, [](char octet) { return breaks_line(octet); });
}

// Whether one of eight octets may be a control octet: exact when none is.
std::uint64_t controls_of(std::uint64_t octets) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  return (octets - ' ' * ones) & ~octets & (0x80 * ones);
}

// The last eight octets may overlap those before. Control octets are rare, so where there is one
// all are looked at.
bool line_is_broken(std::string_view line) {
  constexpr std::size_t word = sizeof(std::uint64_t);
  if (line.size() < word) return breaks_line(line);
  const auto load = sipring::detail::load<std::uint64_t>;
  std::uint64_t controls = controls_of(load(line.data() + line.size() - word));
  for (std::size_t at = 0; at + word < line.size(); at += word) {
    controls |= controls_of(load(line.data() + at));
  }
  return controls != 0 && breaks_line(line);
}

}  // namespace

Writer& Writer::begin(char type) {
  const char start[] = {type, '='};
  return *this << std::string_view(start, sizeof start);
}

Writer& Writer::end() {
  smuggled_ |= line_is_broken(view().substr(line_));
  *this << "\r\n";
  line_ = text_.size();
  return *this;
}

Writer& Writer::line(char type, std::string_view value) {
  return (begin(type) << value).end();
}
Writer& Writer::attribute(std::string_view name) {
  return line('a', name);
}
Writer& Writer::begin_attribute(std::string_view name) {
  return begin('a') << name << ":";
}
Writer& Writer::attribute(std::string_view name, std::string_view value) {
  return (begin_attribute(name) << value).end();
}
Writer& Writer::attribute(std::string_view name, std::uint64_t value) {
  return (begin_attribute(name) << value).end();
}

Writer& Writer::write(const Origin& origin) {
  begin('o') << origin.username << " " << origin.session_id << " " << origin.session_version;
  *this << " " << origin.network_type << " " << origin.address_type << " " << origin.address;
  return end();
}

Writer& Writer::write(const Connection& connection) {
  begin('c') << connection.network_type << " " << connection.address_type << " "
             << connection.address;
  if (!connection.suffix.empty()) *this << "/" << connection.suffix;
  return end();
}

Writer& Writer::write(const Bandwidth& bandwidth) {
  return (begin('b') << bandwidth.type << ":" << bandwidth.value).end();
}
Writer& Writer::write(const Timing& timing) {
  return (begin('t') << timing.start << " " << timing.stop).end();
}
Writer& Writer::write(const Repeat& repeat) {
  return (begin('r') << repeat.interval << " " << repeat.duration << " " << repeat.offsets).end();
}
Writer& Writer::write(const Zones& zones) {
  return line('z', zones.pairs);
}

Writer& Writer::write(const Key& key) {
  begin('k') << key.method;
  if (!key.key.empty()) *this << ":" << key.key;
  return end();
}

Writer& Writer::write(const MediaLine& media) {
  begin('m') << media.kind << " " << std::uint64_t{media.port};
  if (media.port_count != 1) *this << "/" << std::uint64_t{media.port_count};
  *this << " " << media.protocol;
  if (!media.formats.empty()) *this << " " << media.formats;
  return end();
}

Writer& Writer::write(Direction direction) {
  return attribute(to_string(direction));
}

Writer& Writer::write(const Rtpmap& rtpmap) {
  begin_attribute("rtpmap") << std::uint64_t{rtpmap.payload_type} << " " << rtpmap.encoding;
  if (rtpmap.clock_rate != 0) *this << "/" << std::uint64_t{rtpmap.clock_rate};
  if (!rtpmap.parameters.empty()) *this << "/" << rtpmap.parameters;
  return end();
}

Writer& Writer::write(const Fmtp& fmtp) {
  begin_attribute("fmtp") << fmtp.format;
  if (!fmtp.parameters.empty()) *this << " " << fmtp.parameters;
  return end();
}

Writer& Writer::write(const Rtcp& rtcp) {
  begin_attribute("rtcp") << std::uint64_t{rtcp.port};
  if (!rtcp.address.empty())
    *this << " " << rtcp.network_type << " " << rtcp.address_type << " " << rtcp.address;
  return end();
}

Writer& Writer::write(const RtcpFeedback& feedback) {
  begin_attribute("rtcp-fb");
  if (feedback.payload_type)
    *this << std::uint64_t{*feedback.payload_type};
  else
    *this << "*";
  *this << " " << feedback.type;
  if (!feedback.parameters.empty()) *this << " " << feedback.parameters;
  return end();
}

Writer& Writer::write(const Source& source) {
  begin_attribute("ssrc") << std::uint64_t{source.id} << " " << source.attribute;
  if (!source.value.empty()) *this << ":" << source.value;
  return end();
}

Writer& Writer::write(const SourceGroup& group) {
  return (begin_attribute("ssrc-group") << group.semantics << " " << group.sources).end();
}

Writer& Writer::write(const HeaderExtension& extension) {
  begin_attribute("extmap") << std::uint64_t{extension.id};
  if (extension.direction) *this << "/" << to_string(*extension.direction);
  *this << " " << extension.uri;
  if (!extension.attributes.empty()) *this << " " << extension.attributes;
  return end();
}

Writer& Writer::write(const Candidate& candidate) {
  begin_attribute("candidate") << candidate.foundation << " " << std::uint64_t{candidate.component};
  *this << " " << candidate.transport << " " << std::uint64_t{candidate.priority};
  *this << " " << candidate.address << " " << std::uint64_t{candidate.port};
  *this << " typ " << candidate.type;
  if (!candidate.related_address.empty()) *this << " raddr " << candidate.related_address;
  if (candidate.related_port) *this << " rport " << std::uint64_t{*candidate.related_port};
  if (!candidate.extensions.empty()) *this << " " << candidate.extensions;
  return end();
}

Writer& Writer::write(const Fingerprint& fingerprint) {
  return (begin_attribute("fingerprint") << fingerprint.hash << " " << fingerprint.digits).end();
}
Writer& Writer::write(const SetupRole& setup) {
  return attribute("setup", to_string(setup.role));
}
Writer& Writer::write(const ConnectionKind& connection) {
  return attribute("connection", to_string(connection.use));
}

Writer& Writer::write(const Crypto& crypto) {
  begin_attribute("crypto") << std::uint64_t{crypto.tag} << " " << crypto.suite << " "
                            << crypto.key_parameters;
  if (!crypto.session_parameters.empty()) *this << " " << crypto.session_parameters;
  return end();
}

Writer& Writer::write(const Mid& mid) {
  return attribute("mid", mid.id);
}

Writer& Writer::write(const Group& group) {
  begin_attribute("group") << group.semantics;
  if (!group.mids.empty()) *this << " " << group.mids;
  return end();
}

Writer& Writer::write(const Msid& msid) {
  begin_attribute("msid") << msid.id;
  if (!msid.application_data.empty()) *this << " " << msid.application_data;
  return end();
}

Writer& Writer::number(std::string_view name, const std::optional<std::uint32_t>& value) {
  return value ? attribute(name, std::uint64_t{*value}) : *this;
}
Writer& Writer::flag(std::string_view name, bool value) {
  return value ? attribute(name) : *this;
}
Writer& Writer::text(std::string_view name, std::string_view value) {
  return value.empty() ? *this : attribute(name, value);
}

Writer& Writer::write(const Fax& fax) {
  number("T38FaxVersion", fax.version).number("T38MaxBitRate", fax.max_bit_rate);
  flag("T38FaxFillBitRemoval", fax.fill_bit_removal);
  flag("T38FaxTranscodingMMR", fax.transcoding_mmr);
  flag("T38FaxTranscodingJBIG", fax.transcoding_jbig);
  text("T38FaxRateManagement", fax.rate_management);
  number("T38FaxMaxBuffer", fax.max_buffer).number("T38FaxMaxDatagram", fax.max_datagram);
  return text("T38FaxUdpEC", fax.error_correction).text("T38VendorInfo", fax.vendor_info);
}

Writer& Writer::write(const Session& session) {
  const Section lines = session.lines();
  for (std::uint32_t index = 0; index < lines.size(); ++index)
    line(lines[index].type, lines[index].value);
  return *this;
}

Ref<Buffer> copy(const Writer& writer, BufferPool& buffers) {
  return writer.complete() ? buffers.copy(writer.view()) : Ref<Buffer>{};
}

}  // namespace sipring::sdp
