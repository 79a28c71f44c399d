// SIP-URI, SIPS-URI, and other absolute URIs kept whole (RFC 3261 sections 19.1.1, 25.1).
//
// Whether "alice" in "sip:alice..." is a user or a host is known at "@" only. An "@" that is not escaped stands nowhere else in a
// SIP URI, so C++ looks for it first and enters the machine at `userinfo` or at `hostport`.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/detail/ordinary_uri.h>
#include <sipring/core/message/detail/plain.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/uri.h>

namespace sipring {
namespace {

using detail::octets;
using detail::text_from;

%%{
  machine uri;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action begin { begin = p; }
  action user { uri.user = text_from(begin, p); }
  action password { uri.password = text_from(begin, p); }
  action host { uri.host = text_from(begin, p); expected = ParseErrorCode::port; }
  action port { port = text_from(begin, p); expected = ParseErrorCode::uri; }
  action parameters { uri.parameters = text_from(begin, p); }
  action headers { uri.headers = text_from(begin, p); }
  action expect_host { expected = ParseErrorCode::host; }
  action expect_rest { expected = ParseErrorCode::uri; }
  action skip_user { if (accelerated) p = detail::skip<detail::user_octet>(p + 1, pe, wide) - 1; }
  action skip_host { if (accelerated) p = detail::skip<detail::host_octet>(p + 1, pe, wide) - 1; }
  action skip_parameter { if (accelerated) p = detail::skip<detail::parameter_octet>(p + 1, pe, wide) - 1; }

  user_char = unreserved | [&=+$,;?/];
  user = ( user_char @skip_user | escaped )+;
  password = ( unreserved | escaped | [&=+$,] )*;
  hostname = ( alphanum | [\-.] )+ >skip_host;
  IPv6reference = "[" ( HEXDIG | [:.] )+ "]";
  host = ( hostname | IPv6reference ) >begin %host;
  param_char = unreserved | [\[\]/:&+$];
  pvalue = ( param_char @skip_parameter | escaped )+;
  uri_parameter = pvalue ( "=" pvalue )?;
  uri_parameters = ( ";" @expect_rest uri_parameter )+ >begin %parameters;
  hnv = unreserved | escaped | [\[\]/?:+$];
  header = hnv+ "=" hnv*;
  headers = header ( "&" header )*;

  userinfo := user >begin %user ( ":" password >begin %password )? "@" @expect_host @{ fgoto hostport; };
  hostport := host ( ":" DIGIT+ >begin %port )? uri_parameters? ( "?" @expect_rest headers >begin %headers )?;
  # hier-part | opaque-part: which of them does not matter to what keeps it whole.
  absolute_uri := ALPHA ( alphanum | [+\-.] )* ":" ( reserved | unreserved | escaped | [\[\]] )+;

  write data noerror;
}%%

struct Start {
  std::size_t offset;
  int state;
  Uri::Scheme scheme;
};

Start start_of(std::string_view text) {
  std::size_t offset = 0;
  if (text.size() > 4 && detail::same_token(text, "sip:")) offset = 4;
  if (text.size() > 5 && detail::same_token(text, "sips:")) offset = 5;
  if (offset == 0) return {0, uri_en_absolute_uri, Uri::Scheme::other};
  const int state = text.find('@', offset) == text.npos ? uri_en_hostport : uri_en_userinfo;
  return {offset, state, offset == 4 ? Uri::Scheme::sip : Uri::Scheme::sips};
}

template <bool accelerated>
Parsed<Uri> read_uri(std::string_view text) {
  const Start start = start_of(text);
  const unsigned char* p = octets(text.data()) + start.offset;
  const unsigned char* const pe = octets(text.data()) + text.size();
  const unsigned char* const eof = pe;
  const bool wide = text.size() >= detail::run_vector;
  const unsigned char* begin = p;
  std::string_view port;
  int cs = start.state;
  ParseErrorCode expected =
      start.state == uri_en_hostport ? ParseErrorCode::host : ParseErrorCode::uri;
  Parsed<Uri> parsed;  // one object from here to the caller: it is too large to copy
  Uri& uri = *parsed;
  const auto fail = [&](ParseErrorCode code, const unsigned char* where) -> Parsed<Uri>& {
    parsed = std::unexpected{ParseError{code, static_cast<std::uint32_t>(where - octets(text.data()))}};
    return parsed;
  };

  %% write exec;

  if (p != pe || cs < uri_first_final) { fail(expected, p); return parsed; }
  uri.scheme = start.scheme;
  uri.text = text;
  if (uri.scheme == Uri::Scheme::other) return parsed;
  if (uri.host.front() == '[' && !detail::is_host(uri.host))
    { fail(ParseErrorCode::host, octets(uri.host.data())); return parsed; }
  if (port.data() != nullptr) {
    const std::optional<std::uint16_t> number = detail::port_from(port);
    if (!number) { fail(ParseErrorCode::port, octets(port.data())); return parsed; }
    uri.port = *number;
  }
  return parsed;
}

}  // namespace

Parsed<Uri> parse_uri(std::string_view text) {
  Parsed<Uri> uri;
  if (!detail::take_whole_uri(text, *uri)) uri = read_uri<true>(text);
  return uri;
}

namespace detail {
Parsed<Uri> parse_uri_plain(std::string_view text) { return read_uri<false>(text); }
}  // namespace detail

}  // namespace sipring
