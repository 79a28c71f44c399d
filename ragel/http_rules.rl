// Rules of RFC 7230 (sections 2.6, 3, 3.2.3, 3.2.6) that the machines of the opening handshake share. No actions.
// SPDX-License-Identifier: MIT
%%{
  machine http_rules;

  ALPHA = [A-Za-z];
  DIGIT = [0-9];
  SP = " ";
  HTAB = "\t";
  CRLF = "\r\n";
  OWS = ( SP | HTAB )*;

  tchar = ALPHA | DIGIT | [!#$%&'*+\-.^_`|~];
  token = tchar+;
  vchar = 0x21..0x7e;
  obs_text = 0x80..0xff;
}%%
