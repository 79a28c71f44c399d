// UTF-8, character by character (RFC 3629 section 4). Runs of ASCII are skipped 32 octets at a time.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/utf8.h>

namespace sipring {
namespace {

%%{
  machine utf8;
  alphtype unsigned char;

  action skip_ascii { p = skip_ascii(p + 1, pe) - 1; }
  action next { character = p + 1; }

  tail = 0x80..0xbf;
  UTF8_2 = 0xc2..0xdf tail;
  UTF8_3 = 0xe0 0xa0..0xbf tail | ( 0xe1..0xec | 0xee..0xef ) tail{2} | 0xed 0x80..0x9f tail;
  UTF8_4 = 0xf0 0x90..0xbf tail{2} | 0xf1..0xf3 tail{3} | 0xf4 0x80..0x8f tail{2};
  main := ( 0x00..0x7f @skip_ascii @next | ( UTF8_2 | UTF8_3 | UTF8_4 ) @next )*;

  write data noerror nofinal noentry;
}%%

// The first octet of [at, end) above ASCII, or one before it.
const unsigned char* skip_ascii(const unsigned char* at, const unsigned char* end) {
  while (end - at >= static_cast<std::ptrdiff_t>(detail::Block::size) &&
         detail::Block{reinterpret_cast<const char*>(at)}.above_ascii() == 0)
    at += detail::Block::size;
  return at;
}

}  // namespace

std::size_t first_not_utf8(std::string_view text) {
  const unsigned char* p = detail::octets(text.data());
  const unsigned char* const pe = p + text.size();
  const unsigned char* character = p;  // the one that is being read
  int cs = utf8_start;

  %% write exec;

  return static_cast<std::size_t>(character - detail::octets(text.data()));
}

}  // namespace sipring
