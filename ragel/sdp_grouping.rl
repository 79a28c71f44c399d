// Attributes that tie media together: mid, group, msid (RFC 5888 sections 4 and 5, RFC 8830 section 2).
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/attribute/grouping.h>
#include <sipring/core/sdp/detail/input.h>

namespace sipring::sdp {
namespace {

%%{
  machine sdp_mid;
  include sdp_rules "sdp_rules.rl";

  action id { mid.id = in.word(); }

  main := extra token >mark %id trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_group;
  include sdp_rules "sdp_rules.rl";

  action semantics { group.semantics = in.word(); }
  action mids { group.mids = in.word(); }

  main := extra token >mark %semantics ( SP ( token ( SP token )* ) >mark %mids )? trailing;

  write data noerror noentry;
}%%

%%{
  machine sdp_msid;
  include sdp_rules "sdp_rules.rl";

  action id { msid.id = in.word(); }
  action data { msid.application_data = in.word(); }

  main := extra token >mark %id ( SP token >mark %data )? trailing;

  write data noerror noentry;
}%%

using detail::Input;

constexpr std::size_t longest_msid = 64;

}  // namespace

Parsed<Mid> parse_mid(std::string_view value) {
  Input in(value, sdp_mid_start);
  Mid mid;

  %%{ machine sdp_mid; write exec; }%%

  if (in.cs < sdp_mid_first_final) return in.fail(ParseErrorCode::sdp_group);
  mid.forgiven = in.forgiven;
  return mid;
}

Parsed<Group> parse_group(std::string_view value) {
  Input in(value, sdp_group_start);
  Group group;

  %%{ machine sdp_group; write exec; }%%

  if (in.cs < sdp_group_first_final) return in.fail(ParseErrorCode::sdp_group);
  group.forgiven = in.forgiven;
  return group;
}

Parsed<Msid> parse_msid(std::string_view value) {
  Input in(value, sdp_msid_start);
  Msid msid;

  %%{ machine sdp_msid; write exec; }%%

  if (in.cs < sdp_msid_first_final) return in.fail(ParseErrorCode::sdp_msid);
  for (const std::string_view part : {msid.id, msid.application_data})
    if (part.size() > longest_msid) return in.fail(ParseErrorCode::sdp_msid, part);
  msid.forgiven = in.forgiven;
  return msid;
}

}  // namespace sipring::sdp
