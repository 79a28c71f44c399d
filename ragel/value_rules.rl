// What values share beside the rules of rfc3261.rl: quoted strings, comments, and parameters of which the machine marks where the first
// begins; C++ walks them afterwards (core/message/header/params.h).
//
// The including machine has `const unsigned char *p, *pe, *begin, *parameters, *comma`, and `odd` and `depth` where it has
// parameters and comments.
// SPDX-License-Identifier: MIT
%%{
  machine value_rules;

  action begin { begin = p; }
  action semicolon { if (parameters == nullptr) parameters = p; }
  action comma { comma = p; fbreak; }
  action odd { odd = true; }

  quoted_string = DQUOTE ( qdtext_octet | WSP | CRLF WSP | quoted_pair )* DQUOTE;

  # What is let pass is found in C++ afterwards, as in parameter_rules.rl.
  gen_value = ( tchar | ( 0x21..0x7e - [";,<>] - tchar | UTF8_NONASCII ) @odd )+ | quoted_string;
  parameter = token ( SWS "=" SWS ( gen_value | zlen %odd ) )?;
  semicolons = SWS ";" @semicolon ( SWS ";" @odd )*;
  parameters = ( semicolons SWS parameter )* ( semicolons %odd )?;

  # To the comma before the next element, or to the end.
  rest = parameters SWS ( "," @comma )?;

  # Parentheses nest, so C++ counts them: what goes on until a parenthesis, "(" included.
  ctext = ( 0x21..0x7e - [()\\] ) | UTF8_NONASCII | WSP | CRLF WSP;
}%%
