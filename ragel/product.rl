// server-val: a product or a comment, up to the next one (RFC 3261 sections 20.35, 20.41, 25.1).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/header/product.h>

namespace sipring {
namespace {

%%{
  machine product;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";
  include value_rules "value_rules.rl";

  action name { product.name = detail::text_from(begin, p); }
  action version { product.version = detail::text_from(begin, p); }
  action open { begin = p; depth = 1; fgoto comment; }
  action deeper { ++depth; }
  action shallower { if (--depth == 0) { product.comment = detail::text_from(begin, p + 1); fgoto end; } fgoto comment; }
  action next { fhold; fbreak; }

  # White space behind a token may still lead to its "/".
  main := SWS ( token >begin %name ( SLASH token >begin %version )? ( LWS ( tchar | "(" ) @next )? SWS | "(" @open );
  comment := ( ctext | quoted_pair | "(" @deeper )* ")" @shallower;
  end := ( LWS ( tchar | "(" ) @next )? SWS;

  write data noerror;
}%%

}  // namespace

Parsed<Product> parse_product(std::string_view value) {
  const unsigned char* p = detail::octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const unsigned char* begin = p;
  const unsigned char* parameters = nullptr;
  const unsigned char* comma = nullptr;
  std::uint32_t depth = 0;
  Product product;
  int cs = product_en_main;

  %% write exec;

  const auto at = static_cast<std::uint32_t>(p - detail::octets(value.data()));
  if (cs < product_first_final) return std::unexpected{ParseError{ParseErrorCode::product, at}};
  product.length = at;
  return product;
}

}  // namespace sipring
