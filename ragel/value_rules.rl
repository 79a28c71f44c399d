// What values share beside the rules of rfc3261.rl: quoted strings, comments, and parameters of which the machine marks where the first
// begins; C++ walks them afterwards (core/message/header/params.h).
//
// The including machine has `const unsigned char *p, *pe, *begin, *parameters, *comma` and, where it has comments, `depth`.
// SPDX-License-Identifier: MIT
%%{
  machine value_rules;

  action begin { begin = p; }
  action semicolon { if (parameters == nullptr) parameters = p; }
  action comma { comma = p; fbreak; }

  quoted_string = DQUOTE ( qdtext_octet | WSP | CRLF WSP | quoted_pair )* DQUOTE;

  # token | host: an IPv6 reference adds its brackets and colons.
  gen_value = ( tchar | [\[\]:] )+ | quoted_string;
  parameters = ( SWS ";" @semicolon SWS token ( EQUAL gen_value )? )*;

  # To the comma before the next element, or to the end.
  rest = parameters SWS ( "," @comma )?;

  # Parentheses nest, so C++ counts them: what goes on until a parenthesis, "(" included.
  ctext = ( 0x21..0x7e - [()\\] ) | UTF8_NONASCII | WSP | CRLF WSP;
}%%
