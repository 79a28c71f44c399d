// Privacy: priv-value *( ";" priv-value ) (RFC 3323 section 4.2). White space round ";" as SEMI has it elsewhere; "," in its place is
// forgiven, as are a ";" too many and a header field that says nothing.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/known_parameter.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/header/privacy.h>

namespace sipring {
namespace {

%%{
  machine privacy;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action begin { begin = p; }
  action value { privacy.kinds |= bit_of(detail::text_from(begin, p)); }
  action comma { forgive(Forgiveness::comma_for_semicolon); }
  action empty { forgive(Forgiveness::empty_parameter); }

  priv_value = token >begin %value;
  separator = SWS ( ";" | "," @comma ) ( SWS ";" @empty )*;
  main := SWS ( priv_value ( separator SWS priv_value )* separator? SWS )?;

  write data noerror noentry;
}%%

constexpr detail::Spelled<PrivacyKind> kinds[] = {
    {"header", PrivacyKind::header}, {"session", PrivacyKind::session}, {"user", PrivacyKind::user},       {"none", PrivacyKind::none},
    {"critical", PrivacyKind::critical}, {"id", PrivacyKind::id}, {"history", PrivacyKind::history},
};

std::uint8_t bit_of(std::string_view value) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(detail::word_from(kinds, value, PrivacyKind::other)));
}

}  // namespace

Parsed<Privacy> parse_privacy(std::string_view value) {
  const unsigned char* const first = detail::octets(value.data());
  const unsigned char* p = first;
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const unsigned char* begin = p;
  int cs = privacy_start;
  Privacy privacy;
  const auto forgive = [&](Forgiveness kind) { privacy.forgiven.add(kind, static_cast<std::size_t>(p - first)); };

  %% write exec;

  if (cs < privacy_first_final) return detail::refusal(ParseErrorCode::field_value, static_cast<std::size_t>(p - first));
  if (privacy.kinds == 0)
    forgive(Forgiveness::empty_element);
  else if (detail::trim_end(first, pe)[-1] == ';')
    forgive(Forgiveness::empty_parameter);
  privacy.text = value;
  return privacy;
}

}  // namespace sipring
