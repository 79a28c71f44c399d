// Attributes of RTP media: rtpmap, fmtp, decimals, rtcp, rtcp-fb, ssrc, ssrc-group, extmap (RFC 8866 section 6, RFC 3605, RFC 4585,
// RFC 5576, RFC 8285).
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/attribute/rtp.h>
#include <sipring/core/sdp/detail/input.h>

#include <limits>

namespace sipring::sdp {
namespace {

%%{
  machine sdp_rtpmap;
  include sdp_rules "sdp_rules.rl";

  action payload_type { payload_type = in.word(); }
  action encoding { rtpmap.encoding = in.word(); }
  action clock_rate { clock_rate = in.word(); }
  action parameters { rtpmap.parameters = in.word(); }

  main := extra DIGIT+ >mark %payload_type SP token >mark %encoding
          ( "/" DIGIT+ >mark %clock_rate ( "/" token >mark %parameters )? )? trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_fmtp;
  include sdp_rules "sdp_rules.rl";

  action format { fmtp.format = in.word(); }
  action parameters { fmtp.parameters = in.word(); }

  main := extra token >mark %format ( SP ( ( byte - [ \t] ) byte* ) >mark %parameters )? trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_decimal;
  include sdp_rules "sdp_rules.rl";

  action whole { whole = in.word(); }
  action fraction { fraction = in.word(); }

  main := extra DIGIT+ >mark %whole ( "." DIGIT+ >mark %fraction )? trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_rtcp;
  include sdp_rules "sdp_rules.rl";

  action port { port = in.word(); }
  action network_type { rtcp.network_type = in.word(); }
  action address_type { rtcp.address_type = in.word(); }
  action address { rtcp.address = in.word(); }

  place = token >mark %network_type SP token >mark %address_type SP non_ws_string >mark %address;
  main := extra DIGIT+ >mark %port ( SP place )? trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_rtcp_feedback;
  include sdp_rules "sdp_rules.rl";

  action payload_type { payload_type = in.word(); }
  action type { feedback.type = in.word(); }
  action parameters { feedback.parameters = in.word(); }

  id = ( ALPHA | DIGIT | [\-_] )+;
  main := extra ( DIGIT+ >mark %payload_type | "*" ) SP id >mark %type ( SP ( ( byte - [ \t] ) byte* ) >mark %parameters )? trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_ssrc;
  include sdp_rules "sdp_rules.rl";

  action id { id = in.word(); }
  action attribute { source.attribute = in.word(); }
  action value { source.value = in.word(); }

  main := extra DIGIT+ >mark %id SP token >mark %attribute ( ":" bytes >mark %value | trailing );

  write data noerror noentry;
}%%

%%{
  machine sdp_ssrc_group;
  include sdp_rules "sdp_rules.rl";

  action semantics { group.semantics = in.word(); }
  action sources { group.sources = in.word(); }

  main := extra token >mark %semantics SP ( DIGIT+ ( SP DIGIT+ )* ) >mark %sources trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_extmap;
  include sdp_rules "sdp_rules.rl";

  action id { id = in.word(); }
  action direction { extension.direction = direction_from(in.word()); }
  action uri { extension.uri = in.word(); }
  action attributes { extension.attributes = in.word(); }

  direction = "sendonly" | "recvonly" | "sendrecv" | "inactive";
  main := extra DIGIT+ >mark %id ( "/" direction >mark %direction )? SP non_ws_string >mark %uri
          ( SP ( ( byte - [ \t] ) byte* ) >mark %attributes )? trailing;

  write data noerror noentry;
}%%

using detail::Input;
using detail::number_from;

constexpr std::uint32_t largest_source = std::numeric_limits<std::uint32_t>::max();

// Three digits of a fraction; more would be less than a microsecond of a packet.
std::uint64_t thousandths_of(std::string_view fraction) {
  std::uint64_t thousandths = 0;
  for (std::size_t i = 0; i < 3; ++i)
    thousandths = thousandths * 10 + (i < fraction.size() ? static_cast<std::uint64_t>(fraction[i] - '0') : 0);
  return thousandths;
}

Parsed<Decimal> parse_decimal(std::string_view value) {
  Input in(value, sdp_decimal_start);
  std::string_view whole, fraction;

  %%{ machine sdp_decimal; write exec; }%%

  if (in.cs < sdp_decimal_first_final) return in.fail(ParseErrorCode::sdp_number);
  const auto number = number_from(whole, largest_source);
  if (!number) return in.fail(ParseErrorCode::sdp_number, whole);
  const Decimal decimal{*number * 1000 + thousandths_of(fraction), {}};
  // An integer without a leading zero, or a real that does not end in one; neither is nothing.
  const bool leads = whole.size() > 1 && whole.front() == '0';
  const bool trails = !fraction.empty() && fraction.back() == '0';
  if (leads || trails || decimal.thousandths == 0) in.forgive(Forgiveness::sdp_value, whole);
  return Decimal{decimal.thousandths, in.forgiven};
}

std::string_view without_spaces_at_end(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t");
  return last == text.npos ? text : text.substr(0, last + 1);
}

}  // namespace

Parsed<Rtpmap> parse_rtpmap(std::string_view value) {
  Input in(value, sdp_rtpmap_start);
  Rtpmap rtpmap;
  std::string_view payload_type, clock_rate;

  %%{ machine sdp_rtpmap; write exec; }%%

  if (in.cs < sdp_rtpmap_first_final) return in.fail(ParseErrorCode::sdp_rtpmap);
  const auto type = number_from(payload_type, 127);
  if (!type) return in.fail(ParseErrorCode::sdp_rtpmap, payload_type);
  rtpmap.payload_type = static_cast<std::uint8_t>(*type);
  if (clock_rate.empty()) {
    in.forgive(Forgiveness::sdp_value_missing, rtpmap.encoding);
  } else {
    const auto rate = number_from(clock_rate, largest_source);
    if (!rate || *rate == 0) return in.fail(ParseErrorCode::sdp_rtpmap, clock_rate);
    rtpmap.clock_rate = static_cast<std::uint32_t>(*rate);
  }
  rtpmap.forgiven = in.forgiven;
  return rtpmap;
}

std::uint32_t channels_of(const Rtpmap& rtpmap) {
  return static_cast<std::uint32_t>(number_from(rtpmap.parameters, 255).value_or(1));
}

Parsed<Fmtp> parse_fmtp(std::string_view value) {
  Input in(value, sdp_fmtp_start);
  Fmtp fmtp;

  %%{ machine sdp_fmtp; write exec; }%%

  if (in.cs < sdp_fmtp_first_final) return in.fail(ParseErrorCode::sdp_fmtp);
  fmtp.parameters = without_spaces_at_end(fmtp.parameters);
  if (fmtp.parameters.empty()) in.forgive(Forgiveness::sdp_value_missing);
  fmtp.forgiven = in.forgiven;
  return fmtp;
}

Parsed<Decimal> parse_ptime(std::string_view value) { return parse_decimal(value); }
Parsed<Decimal> parse_maxptime(std::string_view value) { return parse_decimal(value); }
Parsed<Decimal> parse_framerate(std::string_view value) { return parse_decimal(value); }

Parsed<Rtcp> parse_rtcp(std::string_view value) {
  Input in(value, sdp_rtcp_start);
  Rtcp rtcp;
  std::string_view port;

  %%{ machine sdp_rtcp; write exec; }%%

  if (in.cs < sdp_rtcp_first_final) return in.fail(ParseErrorCode::sdp_rtcp);
  const auto number = number_from(port, 65535);
  if (!number) return in.fail(ParseErrorCode::sdp_rtcp, port);
  rtcp.port = static_cast<std::uint16_t>(*number);
  rtcp.forgiven = in.forgiven;
  return rtcp;
}

Parsed<RtcpFeedback> parse_rtcp_feedback(std::string_view value) {
  Input in(value, sdp_rtcp_feedback_start);
  RtcpFeedback feedback;
  std::string_view payload_type;

  %%{ machine sdp_rtcp_feedback; write exec; }%%

  if (in.cs < sdp_rtcp_feedback_first_final) return in.fail(ParseErrorCode::sdp_rtcp_feedback);
  if (!payload_type.empty()) {
    const auto type = number_from(payload_type, 127);
    if (!type) return in.fail(ParseErrorCode::sdp_rtcp_feedback, payload_type);
    feedback.payload_type = static_cast<std::uint8_t>(*type);
  }
  feedback.parameters = without_spaces_at_end(feedback.parameters);
  feedback.forgiven = in.forgiven;
  return feedback;
}

Parsed<Source> parse_ssrc(std::string_view value) {
  Input in(value, sdp_ssrc_start);
  Source source;
  std::string_view id;

  %%{ machine sdp_ssrc; write exec; }%%

  if (in.cs < sdp_ssrc_first_final) return in.fail(ParseErrorCode::sdp_source);
  const auto number = number_from(id, largest_source);
  if (!number) return in.fail(ParseErrorCode::sdp_source, id);
  source.id = static_cast<std::uint32_t>(*number);
  source.forgiven = in.forgiven;
  return source;
}

Parsed<SourceGroup> parse_ssrc_group(std::string_view value) {
  Input in(value, sdp_ssrc_group_start);
  SourceGroup group;

  %%{ machine sdp_ssrc_group; write exec; }%%

  if (in.cs < sdp_ssrc_group_first_final) return in.fail(ParseErrorCode::sdp_source);
  for (const std::string_view id : Words(group.sources))
    if (!number_from(id, largest_source)) return in.fail(ParseErrorCode::sdp_source, id);
  group.forgiven = in.forgiven;
  return group;
}

Parsed<HeaderExtension> parse_extmap(std::string_view value) {
  Input in(value, sdp_extmap_start);
  HeaderExtension extension;
  std::string_view id;

  %%{ machine sdp_extmap; write exec; }%%

  if (in.cs < sdp_extmap_first_final) return in.fail(ParseErrorCode::sdp_extmap);
  const auto number = number_from(id, 4351);
  if (!number || *number == 0 || (*number > 255 && *number < 4096)) return in.fail(ParseErrorCode::sdp_extmap, id);
  extension.id = static_cast<std::uint16_t>(*number);
  extension.attributes = without_spaces_at_end(extension.attributes);
  extension.forgiven = in.forgiven;
  return extension;
}

Parsed<SctpPort> parse_sctp_port(std::string_view value) {
  const Parsed<Decimal> port = parse_decimal(value);
  if (!port) return std::unexpected(port.error());
  if (port->thousandths > 65535000 || port->thousandths % 1000 != 0)
    return std::unexpected(ParseError{ParseErrorCode::sdp_number, 0});
  return SctpPort{static_cast<std::uint16_t>(port->whole()), port->thousandths == 0 ? Forgiven{} : port->forgiven};
}

}  // namespace sipring::sdp
