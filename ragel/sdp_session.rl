// The lines of a session description: a letter, "=", a value, CRLF (RFC 8866 section 5). Which line may stand where, and what is in
// it, is core/sdp/detail/session_reader.cpp. Forgiven: LF alone, more than one CR before it, no line end at the end of the text,
// blank lines, lines of white space, white space before a line, and what programs put round a text: a byte order mark, a NUL.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/sdp/detail/session_reader.h>
#include <sipring/core/sdp/session.h>

namespace sipring::sdp {
namespace {

%%{
  machine sdp_session;
  include sdp_rules "sdp_rules.rl";

  action type { type = static_cast<char>(*in.p); }
  action equals { in.begin = in.p + 1; }
  action skip { in.p = sipring::detail::skip<sipring::detail::sdp_octet>(in.p + 1, in.pe, wide) - 1; }
  action take { if (!reader.take(type, in.word())) return std::unexpected(reader.error()); }
  action bare { in.forgive(Forgiveness::sdp_line_end); }
  action unended { in.forgive(Forgiveness::sdp_line_end); ended = true; }

  line_end = "\r\n" | "\n" @bare | "\r" "\r"+ "\n" @bare;
  value = ( byte @skip )* %take $eof(take) $eof(unended);
  line = ALPHA @type "=" @equals value line_end;
  blank = "\r\n" >spaces | "\n" >spaces @bare | "\r" "\r"+ "\n" >spaces @bare;
  main := ( extra ( line | blank ) )* extra;

  write data noerror noentry;
}%%

// A CR that no LF follows is a wrong line end; else the line is none.
ParseErrorCode mistake_at(const detail::Input& in) {
  return in.p != in.first && in.p[-1] == '\r' ? ParseErrorCode::sdp_line_end : ParseErrorCode::sdp_line;
}

void step_over_surplus(detail::Input& in, std::string_view text) {
  if (text.starts_with(byte_order_mark)) {
    in.forgive(Forgiveness::sdp_white_space);
    in.p += byte_order_mark.size();
  }
  while (in.pe != in.p && in.pe[-1] == 0) --in.pe;
  const auto end = static_cast<std::size_t>(in.pe - in.first);
  if (end != text.size()) in.forgive(Forgiveness::sdp_white_space, text.substr(end));
}

}  // namespace

Parsed<Reading> parse(std::string_view text, Session& session) {
  detail::SessionReader reader(text, session);
  if (text.size() > detail::largest_text) return std::unexpected(ParseError{ParseErrorCode::sdp_too_large, detail::largest_text});
  detail::Input in(text, sdp_session_start);
  step_over_surplus(in, text);
  const bool wide = in.pe - in.first >= sipring::detail::run_vector;
  char type = 0;
  bool ended = false;

  %% write exec;

  if (in.cs < sdp_session_first_final && !ended) return in.fail(mistake_at(in));
  return reader.finish(in.forgiven);
}

}  // namespace sipring::sdp
