// What an SDP value parser made of a value, in one line of text, and the same value written again:
// for tables of cases and for fuzzing. Parsers are known by the attribute's name, or "o=", "c=" ...
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/sdp/session.h>
#include <sipring/core/sdp/writer.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sipring::sdp::testing {

class Rendered {
 public:
  Rendered& add(std::string_view name, std::string_view value) {
    text_ += text_.empty() ? "" : " ";
    text_ += std::string(name) + "=" + std::string(value);
    return *this;
  }
  Rendered& add(std::string_view name, std::uint64_t number) {
    return add(name, std::to_string(number));
  }
  template <class T>
  Rendered& add(std::string_view name, const std::optional<T>& value) {
    if (!value) return add(name, "none");
    if constexpr (std::is_integral_v<T>)
      return add(name, std::uint64_t{*value});
    else
      return add(name, to_string(*value));
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

inline std::string render(const Origin& o) {
  return Rendered{}
      .add("user", o.username)
      .add("id", o.session_id)
      .add("version", o.session_version)
      .add("net", o.network_type)
      .add("type", o.address_type)
      .add("address", o.address)
      .text();
}
inline std::string render(const Connection& c) {
  return Rendered{}
      .add("net", c.network_type)
      .add("type", c.address_type)
      .add("address", c.address)
      .add("suffix", c.suffix)
      .text();
}
inline std::string render(const Bandwidth& b) {
  return Rendered{}.add("type", b.type).add("value", b.value).text();
}
inline std::string render(const Timing& t) {
  return Rendered{}.add("start", t.start).add("stop", t.stop).text();
}
inline std::string render(const Repeat& r) {
  return Rendered{}
      .add("interval", r.interval)
      .add("duration", r.duration)
      .add("offsets", r.offsets)
      .text();
}
inline std::string render(const Zones& z) {
  return Rendered{}.add("pairs", z.pairs).text();
}
inline std::string render(const Key& k) {
  return Rendered{}.add("method", k.method).add("key", k.key).text();
}
inline std::string render(const MediaLine& m) {
  return Rendered{}
      .add("kind", m.kind)
      .add("port", m.port)
      .add("count", m.port_count)
      .add("protocol", m.protocol)
      .add("formats", m.formats)
      .text();
}
inline std::string render(const Rtpmap& r) {
  return Rendered{}
      .add("type", r.payload_type)
      .add("encoding", r.encoding)
      .add("rate", r.clock_rate)
      .add("parameters", r.parameters)
      .add("channels", channels_of(r))
      .text();
}
inline std::string render(const Fmtp& f) {
  Rendered rendered;
  rendered.add("format", f.format).add("parameters", f.parameters);
  for (const FmtpParameter p : FmtpParameters(f.parameters))
    rendered.add("+" + std::string(p.name), p.value);
  return rendered.text();
}
inline std::string render(const Decimal& d) {
  return Rendered{}.add("thousandths", d.thousandths).text();
}
inline std::string render(const SctpPort& p) {
  return Rendered{}.add("port", p.port).text();
}
inline std::string render(const Rtcp& r) {
  return Rendered{}
      .add("port", r.port)
      .add("net", r.network_type)
      .add("type", r.address_type)
      .add("address", r.address)
      .text();
}
inline std::string render(const RtcpFeedback& f) {
  return Rendered{}
      .add("format", f.payload_type)
      .add("type", f.type)
      .add("parameters", f.parameters)
      .text();
}
inline std::string render(const Source& s) {
  return Rendered{}.add("id", s.id).add("attribute", s.attribute).add("value", s.value).text();
}
inline std::string render(const SourceGroup& g) {
  return Rendered{}.add("semantics", g.semantics).add("sources", g.sources).text();
}
inline std::string render(const HeaderExtension& e) {
  return Rendered{}
      .add("id", e.id)
      .add("direction", e.direction)
      .add("uri", e.uri)
      .add("attributes", e.attributes)
      .text();
}
inline std::string render(const Candidate& c) {
  Rendered rendered;
  rendered.add("foundation", c.foundation)
      .add("component", c.component)
      .add("transport", c.transport)
      .add("priority", c.priority)
      .add("address", c.address)
      .add("port", c.port)
      .add("type", c.type)
      .add("raddr", c.related_address)
      .add("rport", c.related_port);
  for (const CandidateExtension e : CandidateExtensions(c.extensions))
    rendered.add("+" + std::string(e.name), e.value);
  return rendered.text();
}
inline std::string render(const IceText& t) {
  return Rendered{}.add("text", t.text).text();
}
inline std::string render(const Fingerprint& f) {
  return Rendered{}.add("hash", f.hash).add("digits", f.digits).text();
}
inline std::string render(const SetupRole& setup) {
  return Rendered{}.add("role", to_string(setup.role)).text();
}
inline std::string render(const ConnectionKind& connection) {
  return Rendered{}.add("use", to_string(connection.use)).text();
}
inline std::string render(const Crypto& c) {
  return Rendered{}
      .add("tag", c.tag)
      .add("suite", c.suite)
      .add("keys", c.key_parameters)
      .add("session", c.session_parameters)
      .text();
}
inline std::string render(const KeyParameter& k) {
  return Rendered{}
      .add("method", k.method)
      .add("info", k.info)
      .add("key", k.key_salt)
      .add("lifetime", k.lifetime)
      .add("mki", k.mki)
      .add("length", k.mki_length)
      .text();
}
inline std::string render(const Mid& m) {
  return Rendered{}.add("id", m.id).text();
}
inline std::string render(const Group& g) {
  return Rendered{}.add("semantics", g.semantics).add("mids", g.mids).text();
}
inline std::string render(const Msid& m) {
  return Rendered{}.add("id", m.id).add("data", m.application_data).text();
}

struct Outcome {
  std::string text;  // the fields and what was forgiven, or the error
  bool failed = false;
  bool strict = false;   // strictly() takes it
  bool written = false;  // there is a typed write for it
  std::string again;     // what the written value reads as
};

inline std::string error_text(const ParseError& error) {
  return std::string(to_string(error.code)) + "@" + std::to_string(error.offset);
}

inline std::string forgiven_text(const Forgiven& forgiven) {
  std::string text;
  for (unsigned i = 0; i < static_cast<unsigned>(Forgiveness::count); ++i)
    if (const auto kind = static_cast<Forgiveness>(i); forgiven.has(kind))
      text += " ~" + std::string(to_string(kind));
  if (!forgiven.empty()) text += "@" + std::to_string(forgiven.first_offset());
  return text;
}

template <class T>
concept Writable = requires(Writer& writer, const T& value) {
  writer.write(value);
};
template <class T>
concept Forgiving = requires(const T& value) {
  value.forgiven;
};

// The written line's value behind "x=" or "a=name:".
inline std::string_view value_in(std::string_view line) {
  line.remove_prefix(2);
  line.remove_suffix(2);
  return line;
}

template <auto parse>
Outcome outcome_of(std::string_view value) {
  const auto parsed = parse(value);
  if (!parsed) return {error_text(parsed.error()), true, false, false, {}};
  using Value = typename std::remove_cvref_t<decltype(parsed)>::value_type;
  Outcome outcome{render(*parsed), false, true, false, {}};
  if constexpr (Writable<Value>) {
    std::string room(value.size() + 200, '\0');
    Writer writer(room);
    writer.write(*parsed);
    std::string_view written = writer.complete() ? value_in(writer.view()) : "";
    if (writer.view().starts_with("a=")) written.remove_prefix(written.find(':') + 1);
    const auto second = parse(written);
    outcome.written = true;
    outcome.again = second ? render(*second) : error_text(second.error());
  }
  if constexpr (Forgiving<Value>) {
    outcome.strict = strictly(parse(value)).has_value();
    outcome.text += forgiven_text(parsed->forgiven);
  }
  return outcome;
}

struct NamedParser {
  std::string_view name;
  Outcome (*read)(std::string_view value);
};

inline constexpr NamedParser parsers[] = {
    {"o=", outcome_of<parse_origin>},
    {"c=", outcome_of<parse_connection>},
    {"b=", outcome_of<parse_bandwidth>},
    {"t=", outcome_of<parse_timing>},
    {"r=", outcome_of<parse_repeat>},
    {"z=", outcome_of<parse_zones>},
    {"k=", outcome_of<parse_key>},
    {"m=", outcome_of<parse_media_line>},
    {"rtpmap", outcome_of<parse_rtpmap>},
    {"fmtp", outcome_of<parse_fmtp>},
    {"ptime", outcome_of<parse_ptime>},
    {"maxptime", outcome_of<parse_maxptime>},
    {"framerate", outcome_of<parse_framerate>},
    {"sctp-port", outcome_of<parse_sctp_port>},
    {"rtcp", outcome_of<parse_rtcp>},
    {"rtcp-fb", outcome_of<parse_rtcp_feedback>},
    {"ssrc", outcome_of<parse_ssrc>},
    {"ssrc-group", outcome_of<parse_ssrc_group>},
    {"extmap", outcome_of<parse_extmap>},
    {"candidate", outcome_of<parse_candidate>},
    {"ice-ufrag", outcome_of<parse_ice_ufrag>},
    {"ice-pwd", outcome_of<parse_ice_pwd>},
    {"ice-options", outcome_of<parse_ice_options>},
    {"fingerprint", outcome_of<parse_fingerprint>},
    {"setup", outcome_of<parse_setup>},
    {"connection", outcome_of<parse_connection_use>},
    {"crypto", outcome_of<parse_crypto>},
    {"key", outcome_of<parse_key_parameter>},
    {"mid", outcome_of<parse_mid>},
    {"group", outcome_of<parse_group>},
    {"msid", outcome_of<parse_msid>},
};

}  // namespace sipring::sdp::testing
