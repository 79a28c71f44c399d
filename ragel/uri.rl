// SIP-URI, SIPS-URI, and other absolute URIs kept whole (RFC 3261 sections 19.1.1, 25.1).
//
// Rules named loose_ are octets that no grammar has there and that senders do not escape all the same; none of them ends a part, so
// what was meant is clear. Each is noted.
//
// Whether "alice" in "sip:alice..." is a user or a host is known at "@" only. An "@" that is not escaped stands nowhere else in a
// SIP URI, so C++ looks for it first and enters the machine at `userinfo` or at `hostport`.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/detail/ordinary_uri.h>
#include <sipring/core/message/detail/plain.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/detail/unescaped.h>
#include <sipring/core/message/tel_uri.h>
#include <sipring/core/message/uri.h>

#include <algorithm>

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
  action begin_headers { begin = p + 1; }
  action no_port { port = text_from(p + 1, p + 1); }   # until one is there
  action port { port = text_from(begin, p); expected = ParseErrorCode::uri; }
  action parameters { uri.parameters = text_from(begin, p); }
  action headers { uri.headers = text_from(begin, p); }
  action expect_host { expected = ParseErrorCode::host; }
  action expect_rest { expected = ParseErrorCode::uri; }
  action loose_user { forgive(uri, Forgiveness::unescaped_in_user, text, p); }
  action loose_parameter { forgive(uri, Forgiveness::unescaped_in_uri_parameter, text, p); }
  action loose_header { forgive(uri, Forgiveness::unescaped_in_uri_header, text, p); }
  action empty_user { forgive(uri, Forgiveness::empty_user, text, p); }
  action empty_parameter { forgive(uri, Forgiveness::empty_uri_parameter, text, p); }
  action underscore { forgive(uri, Forgiveness::underscore_in_host, text, p); }
  action percent { if (!is_escape(p, pe)) forgive(uri, Forgiveness::unescaped_in_user, text, p); }
  action parameter_percent { if (!is_escape(p, pe)) forgive(uri, Forgiveness::unescaped_in_uri_parameter, text, p); }
  action header_percent { if (!is_escape(p, pe)) forgive(uri, Forgiveness::unescaped_in_uri_header, text, p); }
  action zone { forgive(uri, Forgiveness::zone_in_host, text, p); }
  action quoted { forgive(uri, Forgiveness::quoted_in_uri, text, p); }
  action empty_header { forgive(uri, Forgiveness::empty_uri_header, text, p); }
  action skip_user { if (accelerated) p = detail::skip<detail::user_octet>(p + 1, pe, wide) - 1; }
  action skip_host { if (accelerated) p = detail::skip<detail::host_octet>(p + 1, pe, wide) - 1; }
  action skip_parameter { if (accelerated) p = detail::skip<detail::parameter_octet>(p + 1, pe, wide) - 1; }

  loose_char = [#\\^`{|}];
  user_char = unreserved | [&=+$,;?/];
  loose_user = ( loose_char | [\[\]] | UTF8_NONASCII ) @loose_user | "%" @percent;
  user = ( user_char @skip_user | loose_user )+;
  password = ( unreserved | [&=+$,] | loose_user )*;
  hostname = ( ( alphanum | [\-.] ) @skip_host | "_" @underscore )+;
  IPv6reference = "[" ( HEXDIG | [:.] )+ ( "%" @zone ( unreserved | "%" )+ )? "]";
  # Between < and > alone; address.rl sees to that.
  quoted_string = DQUOTE @quoted ( ( qdtext_octet - "%" ) | escaped | WSP | ( quoted_pair - "\\%" ) )* DQUOTE;
  host = ( hostname | IPv6reference ) >begin %host;
  param_char = unreserved | [\[\]/:&+$];
  paramchar = param_char @skip_parameter | "%" @parameter_percent | ( loose_char | "," | UTF8_NONASCII ) @loose_parameter;
  pvalue = ( paramchar | "=" @loose_parameter | quoted_string )+;
  nothing = zlen %empty_parameter;
  uri_parameter = paramchar+ ( "=" ( pvalue | nothing ) )?;
  uri_parameters = ( ";" @expect_rest ( uri_parameter | nothing ) )+ >begin %parameters;
  hnv = unreserved | "%" @header_percent | [\[\]/?:+$] | ( loose_char | [,;@] | UTF8_NONASCII ) @loose_header;
  no_header = zlen %empty_header;
  header = hnv+ ( "=" ( hnv | "=" @loose_header | quoted_string )* | no_header ) | no_header;
  headers = header ( "&" header )*;

  userinfo := ( user >begin %user ( ":" password >begin %password )? "@" | "@" @empty_user ) @expect_host @{ fgoto hostport; };
  hostport := host ( ":" @no_port ( DIGIT+ >begin %port )? )? uri_parameters? ( "?" @expect_rest @begin_headers headers %headers )?;
  # hier-part | opaque-part: which of them does not matter to what keeps it whole.
  absolute_uri := ALPHA ( alphanum | [+\-.] )* ":" ( reserved | unreserved | escaped | [\[\]] )+;
  # A local number may have a "#" (RFC 3966 section 3); parse_tel_uri reads the parts.
  telephone_uri := ( reserved | unreserved | escaped | [\[\]#] )+;

  write data noerror;
}%%

struct Scheme {
  Uri::Scheme id;
  std::size_t size;  // with the colon; 0: it is read by the machine
};

// The letters of a scheme are folded, the colon is not.
bool begins_with(std::string_view text, std::uint32_t scheme_and_colon) {
  return text.size() > 4 && (detail::load<std::uint32_t>(text.data()) | 0x00202020) == scheme_and_colon;
}

bool begins_with_sips(std::string_view text) {
  return text.size() > 5 && detail::same_token(text, "sips") && text[4] == ':';
}

Scheme scheme_of(std::string_view text) {
  if (begins_with(text, detail::word_of<std::uint32_t>("sip:"))) return {Uri::Scheme::sip, 4};
  if (begins_with_sips(text)) return {Uri::Scheme::sips, 5};
  if (begins_with(text, detail::word_of<std::uint32_t>("tel:"))) return {Uri::Scheme::tel, 4};
  return {Uri::Scheme::other, 0};
}

int entry_of(Uri::Scheme scheme, std::string_view rest) {
  if (scheme == Uri::Scheme::tel) return uri_en_telephone_uri;
  if (scheme == Uri::Scheme::other) return uri_en_absolute_uri;
  return rest.find('@') == rest.npos ? uri_en_hostport : uri_en_userinfo;
}

// What follows "user@" when the user is ordinary; null to leave it to the grammar.
[[gnu::always_inline]] inline const unsigned char* take_user(Uri& uri, const unsigned char* at, const unsigned char* end, bool wide) {
  const unsigned char* const stop = detail::skip<detail::user_octet>(at, end, wide);
  if (stop == end || *stop != '@' || stop == at) return nullptr;
  uri.user = text_from(at, stop);
  return stop + 1;
}

bool is_escape(const unsigned char* at, const unsigned char* end) {
  return detail::escaped_octet(text_from(at, end)) >= 0;
}

// What a telephone-subscriber is, tel_uri.rl knows. A URI that is none is kept whole.
[[gnu::noinline]] void note_number(Uri& uri, std::string_view text) {
  const Parsed<TelUri> tel = parse_tel_uri(text);
  if (tel) return uri.forgiven.add(tel->forgiven, 0);
  const bool local = tel.error().code == ParseErrorCode::phone_context && tel.error().offset == text.size();
  uri.forgiven.add(local ? Forgiveness::missing_phone_context : Forgiveness::malformed_number,
                    std::min<std::size_t>(tel.error().offset, text.size() - 1));
}

[[gnu::noinline]] void forgive(Uri& uri, Forgiveness kind, std::string_view text, const unsigned char* at) {
  uri.forgiven.add(kind, static_cast<std::size_t>(at - octets(text.data())));
}

template <bool accelerated>
Parsed<Uri> read_uri(std::string_view text) {
  const Scheme scheme = scheme_of(text);
  const unsigned char* p = octets(text.data()) + scheme.size;
  const unsigned char* const pe = octets(text.data()) + text.size();
  const unsigned char* const eof = pe;
  const bool wide = text.size() >= detail::run_vector;
  const unsigned char* begin = p;
  std::string_view port;
  int cs = uri_en_hostport;
  ParseErrorCode expected = ParseErrorCode::host;
  Parsed<Uri> parsed;  // one object from here to the caller: it is too large to copy
  Uri& uri = *parsed;
  const auto fail = [&](ParseErrorCode code, const unsigned char* where) -> Parsed<Uri>& {
    parsed = std::unexpected{ParseError{code, static_cast<std::uint32_t>(where - octets(text.data()))}};
    return parsed;
  };

  uri.scheme = scheme.id;
  uri.text = text;
  const unsigned char* const after_user = accelerated && is_sip(uri) ? take_user(uri, p, pe, wide) : nullptr;
  if (after_user != nullptr) {
    p = after_user;
  } else {
    cs = entry_of(scheme.id, text.substr(scheme.size));
    if (cs != uri_en_hostport) expected = ParseErrorCode::uri;
  }
  %% write exec;

  if (p != pe || cs < uri_first_final) {
    const auto offset = static_cast<std::size_t>(p - octets(text.data()));
    fail(detail::is_in_bad_escape(text, offset) ? ParseErrorCode::escape : expected, p);
    return parsed;
  }
  if (uri.scheme == Uri::Scheme::tel) note_number(uri, text);
  if (!is_sip(uri)) return parsed;
  if (uri.host.front() == '[' && !detail::is_host_or_zoned(uri.host))
    { fail(ParseErrorCode::host, octets(uri.host.data())); return parsed; }
  if (port.data() != nullptr) {
    const std::optional<std::uint16_t> number = detail::port_from(port);
    if (!number && !detail::is_no_port(port)) { fail(ParseErrorCode::port, octets(port.data())); return parsed; }
    if (!number) forgive(uri, Forgiveness::missing_port, text, octets(port.data()) - 1);
    uri.port = number.value_or(0);
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
