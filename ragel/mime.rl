// MIME-Version (RFC 3261 section 20.24) and Content-ID: msg-id without comments and old forms (RFC 8262 section 3, RFC 5322 section 3.6.4).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/header/mime.h>

#include <limits>

namespace sipring {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();

%%{
  machine mime_version;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action major { version.major = static_cast<std::uint32_t>(detail::read_number(p, pe, most)); --p; }
  action minor { version.minor = static_cast<std::uint32_t>(detail::read_number(p, pe, most)); --p; }

  main := DIGIT+ >major "." DIGIT+ >minor;

  write data noerror noentry;
}%%

%%{
  machine content_id;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action begin { begin = p; }
  action id { id = detail::text_from(begin, p); }

  atext = alphanum | [!#$%&'*+\-/=?^_`{|}~];
  dot_atom_text = atext+ ( "." atext+ )*;
  no_fold_literal = "[" ( 0x21..0x5a | 0x5e..0x7e )* "]";
  main := "<" ( dot_atom_text "@" ( dot_atom_text | no_fold_literal ) ) >begin %id ">";

  write data noerror noentry;
}%%

std::unexpected<ParseError> fail(ParseErrorCode code, const unsigned char* p, std::string_view value) {
  return std::unexpected{ParseError{code, static_cast<std::uint32_t>(p - detail::octets(value.data()))}};
}

}  // namespace

Parsed<MimeVersion> parse_mime_version(std::string_view value) {
  const unsigned char* p = detail::octets(value.data());
  const unsigned char* const pe = p + value.size();
  MimeVersion version;
  int cs = mime_version_start;

  %%{ machine mime_version; write exec; }%%

  if (cs < mime_version_first_final) return fail(ParseErrorCode::number, p, value);
  return version;
}

Parsed<std::string_view> parse_content_id(std::string_view value) {
  const unsigned char* p = detail::octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* begin = p;
  std::string_view id;
  int cs = content_id_start;

  %%{ machine content_id; write exec; }%%

  if (cs < content_id_first_final) return fail(ParseErrorCode::message_id, p, value);
  return id;
}

}  // namespace sipring
