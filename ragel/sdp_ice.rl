// Attributes of ICE: candidate, ice-ufrag, ice-pwd, ice-options (RFC 8839 section 5).
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/attribute/ice.h>
#include <sipring/core/sdp/detail/input.h>

#include <limits>

namespace sipring::sdp {
namespace {

%%{
  machine sdp_candidate;
  include sdp_rules "sdp_rules.rl";

  action foundation { candidate.foundation = in.word(); }
  action component { component = in.word(); }
  action transport { candidate.transport = in.word(); }
  action priority { priority = in.word(); }
  action address { candidate.address = in.word(); }
  action port { port = in.word(); }
  action type { candidate.type = in.word(); }
  action rest { rest = in.word(); }
  action octet { in.forgive(Forgiveness::sdp_value); }

  ice_char = ALPHA | DIGIT | [+/];
  foundation = ( ice_char | ( VCHAR - ice_char ) @octet )+;
  words = non_ws_string ( SP non_ws_string )*;
  main := extra foundation >mark %foundation SP DIGIT+ >mark %component SP token >mark %transport SP DIGIT+ >mark %priority SP
          non_ws_string >mark %address SP DIGIT+ >mark %port SP "typ" SP token >mark %type ( SP words >mark %rest )? trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_ice_text;
  include sdp_rules "sdp_rules.rl";

  action octet { in.forgive(Forgiveness::sdp_value); }
  action text { text = in.word(); }

  ice_char = ALPHA | DIGIT | [+/];
  main := extra ( ice_char | ( VCHAR - ice_char ) @octet )+ >mark %text trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_ice_options;
  include sdp_rules "sdp_rules.rl";

  action octet { in.forgive(Forgiveness::sdp_value); }
  action text { text = in.word(); }

  ice_char = ALPHA | DIGIT | [+/];
  tag = ( ice_char | ( VCHAR - ice_char ) @octet )+;
  main := extra ( tag ( SP tag )* ) >mark %text trailing;

  write data noerror noentry;
}%%

using detail::Input;
using detail::number_from;
using detail::text_from;

// "raddr" and "rport" stand first where they are (section 5.1).
bool take_related(Candidate& candidate, std::string_view rest) {
  for (const CandidateExtension extension : CandidateExtensions(rest)) {
    const bool is_address = extension.name == "raddr" && candidate.related_address.empty();
    const bool is_port = extension.name == "rport" && !candidate.related_port;
    if (!is_address && !is_port) {
      candidate.extensions = text_from(detail::octets(extension.name.data()), detail::octets(rest.data() + rest.size()));
      return true;
    }
    if (is_address) candidate.related_address = extension.value;
    if (is_address && extension.value.empty()) return false;
    if (!is_port) continue;
    const auto port = number_from(extension.value, 65535);
    if (!port) return false;
    candidate.related_port = static_cast<std::uint16_t>(*port);
  }
  return true;
}

Parsed<IceText> parse_ice_text(std::string_view value, std::size_t least) {
  Input in(value, sdp_ice_text_start);
  std::string_view text;

  %%{ machine sdp_ice_text; write exec; }%%

  if (in.cs < sdp_ice_text_first_final) return in.fail(ParseErrorCode::sdp_ice);
  if (text.size() < least || text.size() > 256) return in.fail(ParseErrorCode::sdp_ice, text);
  return IceText{text, in.forgiven};
}

}  // namespace

Parsed<Candidate> parse_candidate(std::string_view value) {
  Input in(value, sdp_candidate_start);
  Candidate candidate;
  std::string_view component, priority, port, rest;

  %%{ machine sdp_candidate; write exec; }%%

  if (in.cs < sdp_candidate_first_final) return in.fail(ParseErrorCode::sdp_candidate);
  if (candidate.foundation.size() > 32) in.forgive(Forgiveness::sdp_value, candidate.foundation);
  const auto number = number_from(component, 256);
  if (!number || *number == 0) return in.fail(ParseErrorCode::sdp_candidate, component);
  const auto rank = number_from(priority, std::numeric_limits<std::uint32_t>::max());
  if (!rank) return in.fail(ParseErrorCode::sdp_candidate, priority);
  const auto place = number_from(port, 65535);
  if (!place) return in.fail(ParseErrorCode::sdp_candidate, port);
  if (!take_related(candidate, rest)) return in.fail(ParseErrorCode::sdp_candidate, rest);
  candidate.component = static_cast<std::uint16_t>(*number);
  candidate.priority = static_cast<std::uint32_t>(*rank);
  candidate.port = static_cast<std::uint16_t>(*place);
  candidate.forgiven = in.forgiven;
  return candidate;
}

std::optional<std::string_view> CandidateExtensions::find(std::string_view name) const {
  for (const CandidateExtension extension : *this)
    if (extension.name == name) return extension.value;
  return std::nullopt;
}

Parsed<IceText> parse_ice_ufrag(std::string_view value) { return parse_ice_text(value, 4); }
Parsed<IceText> parse_ice_pwd(std::string_view value) { return parse_ice_text(value, 22); }

Parsed<IceText> parse_ice_options(std::string_view value) {
  Input in(value, sdp_ice_options_start);
  std::string_view text;

  %%{ machine sdp_ice_options; write exec; }%%

  if (in.cs < sdp_ice_options_first_final) return in.fail(ParseErrorCode::sdp_ice);
  return IceText{text, in.forgiven};
}

}  // namespace sipring::sdp
