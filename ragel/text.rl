// TEXT-UTF8-TRIM (RFC 3261 section 25.1), here with the shapes of UTF-8, which other machines do not check.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/header/text.h>

#include <algorithm>

namespace sipring {
namespace {

%%{
  machine text;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  # Longer sequences than four octets, surrogates and what has a shorter form are no UTF-8 any more (RFC 3629 section 4).
  UTF8_CONT = 0x80..0xbf;
  UTF8_char = 0x21..0x7e | 0xc2..0xdf UTF8_CONT
            | 0xe0 0xa0..0xbf UTF8_CONT | ( 0xe1..0xec | 0xee..0xef ) UTF8_CONT{2} | 0xed 0x80..0x9f UTF8_CONT
            | 0xf0 0x90..0xbf UTF8_CONT{2} | 0xf1..0xf3 UTF8_CONT{3} | 0xf4 0x80..0x8f UTF8_CONT{2};
  main := SWS ( UTF8_char+ ( LWS UTF8_char+ )* SWS )?;

  write data noerror noentry;
}%%

// What framing lets into a value, and folds.
bool is_text_octet(char octet) {
  const auto number = static_cast<unsigned char>(octet);
  return (number >= 0x20 && number != 0x7f) || octet == '\t' || octet == '\r' || octet == '\n';
}

}  // namespace

Parsed<Text> parse_text(std::string_view value) {
  const unsigned char* p = detail::octets(value.data());
  const unsigned char* const pe = p + value.size();
  int cs = text_start;
  Text text{value, {}};

  %% write exec;

  if (cs >= text_first_final) return text;
  const auto control = std::ranges::find_if_not(value, is_text_octet);
  if (control != value.end())
    return std::unexpected{ParseError{ParseErrorCode::text, static_cast<std::uint32_t>(control - value.begin())}};
  text.forgiven.add(Forgiveness::not_utf8, static_cast<std::size_t>(p - detail::octets(value.data())));
  return text;
}

}  // namespace sipring
