// Framing: the start line and the lines of header fields, up to the blank line (RFC 3261 sections 7, 25.1).
//
// Line by line: a continuation line extends the header field before it, so nothing looks ahead. The grammar is complete by itself;
// the accelerators, called on entering a line, take what it would have taken (core/message/detail/framing.h).
//
// What is forgiven (core/message/tolerance.h) is in the grammar too. A line that ends in LF alone is not continued: elements differ over
// whether what follows belongs to it.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/framing.h>
#include <sipring/core/message/detail/raw_parameter.h>

namespace sipring::detail {
namespace {

%%{
  machine message;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action begin { begin = p; }
  action method { framing.set_method(text(begin), text(p)); expected = ParseErrorCode::request_uri; }
  action request_uri { framing.set_request_uri(text(begin), text(p)); }
  action status { framing.set_status(text(begin), text(p) - 3); expected = ParseErrorCode::start_line; }
  action reason { framing.set_reason(text(part), text(p)); }
  action status_without_reason {
    framing.set_status(text(begin), text(p) - 3);
    framing.forgive(Forgiveness::missing_reason_space, text(p));
  }
  action bare_line_feed { framing.forgive(Forgiveness::bare_line_feed, text(p)); }
  action white_space { framing.forgive(Forgiveness::white_space_in_start_line, text(p)); }
  action expect_method { expected = ParseErrorCode::method; }
  action expect_version { expected = ParseErrorCode::sip_version; }
  action expect_status { expected = ParseErrorCode::status_code; }
  action expect_line_ending { expected = ParseErrorCode::line_ending; }
  action expect_value { expected = ParseErrorCode::header_value; }
  action part { part = p; }
  action name { name = {text(begin), text(p)}; }
  action first_line { expected = ParseErrorCode::header_name; fgoto first_line; }
  action header {
    if (!framing.add_header(name, text(part) + 1, end_of_text(p)))
      return error_at(ParseErrorCode::too_many_headers, begin);
    expected = ParseErrorCode::header_name;
    if (p[-1] != '\r') fgoto first_line;
    fgoto line;
  }
  action continuation {
    framing.extend_header(text(part), end_of_text(p));
    expected = ParseErrorCode::header_name;
    if (p[-1] != '\r') fgoto first_line;
    fgoto line;
  }
  action done { framing.set_body(text(p) + 1); return {}; }
  action take_start_line {
    if (accelerated)
      if (const char* next = framing.take_start_line(text(p))) {
        p = octets(next) - 1;
        expected = ParseErrorCode::header_name;
        fgoto first_line;
      }
  }
  action take_lines {
    if (accelerated && *p > ' ')
      if (const char* next = framing.take_lines(text(p)); next != text(p)) {
        p = octets(next) - 1;
        fgoto line;
      }
  }

  visible = 0x21..0x7e;
  text_octet = 0x20..0x7e | HTAB | UTF8_NONASCII;
  # A control octet may stand in a value behind a backslash (quoted-pair); where quoted strings begin is for the value's own parser.
  value = ( ( text_octet - "\\" ) | "\\" ( any - [\r\n] ) )* "\\"?;

  line_end = CRLF | "\n" @bare_line_feed;
  spaces = SP ( SP @white_space )*;
  request_line = token >begin >expect_method %method spaces ( ALPHA ( visible | UTF8_NONASCII )* ) >begin %request_uri
                 spaces "SIP/"i @expect_version "2.0" @expect_line_ending ( WSP @white_space )* line_end @first_line;
  status_line = "SIP"i "/" @expect_version "2.0" SP @expect_status ( SP @white_space )* [1-6] DIGIT DIGIT
                ( SP >status text_octet* >part %reason line_end | line_end >status_without_reason ) @first_line;
  header_line = token >begin %name WSP* ":" @part @expect_value value line_end @header;
  continuation_line = WSP @part @expect_value value line_end @continuation;
  blank_line = line_end @done;

  # Servers ignore CRLFs before a start line (section 7.5).
  main := ( line_end @{ fgoto main; } | request_line | status_line ) >*take_start_line;
  first_line := ( header_line | blank_line ) >*take_lines;
  line := ( header_line | continuation_line | blank_line ) >*take_lines;

  write data noerror nofinal;
}%%

const char* text(const unsigned char* p) { return reinterpret_cast<const char*>(p); }
// `p` is the LF of a line.
const char* end_of_text(const unsigned char* p) { return text(p) - (p[-1] == '\r' ? 1 : 0); }

int entry(FrameFrom from) {
  switch (from) {
    case FrameFrom::start_line: return message_en_main;
    case FrameFrom::first_line: return message_en_first_line;
    case FrameFrom::line: return message_en_line;
  }
  return message_en_main;
}

}  // namespace

template <bool accelerated>
ParseError frame(Framing& framing, const char* at, FrameFrom from) {
  const unsigned char* p = octets(at);
  const unsigned char* const pe = octets(framing.end());
  const unsigned char* begin = p;  // of what is being read: a method, a URI, a name
  const unsigned char* part = p;   // of the text after it
  std::string_view name;
  ParseErrorCode expected =
      from == FrameFrom::start_line ? ParseErrorCode::start_line : ParseErrorCode::header_name;
  int cs = entry(from);
  const auto error_at = [&](ParseErrorCode code, const unsigned char* where) {
    return ParseError{code, static_cast<std::uint32_t>(text(where) - framing.begin())};
  };

  %% write exec;

  if (p == pe) return error_at(ParseErrorCode::incomplete, pe);
  const bool after_cr = p != octets(framing.begin()) && p[-1] == '\r';
  return error_at(after_cr ? ParseErrorCode::line_ending : expected, p);
}

template ParseError frame<true>(Framing&, const char*, FrameFrom);
template ParseError frame<false>(Framing&, const char*, FrameFrom);

}  // namespace sipring::detail
