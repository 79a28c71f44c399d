// The rules of RFC 3261 section 25.1 that several machines share. No actions: a rule is a set of texts, nothing more.
// Names are those of the RFC, with underscores. Literals there are not case-sensitive: "..."i here, where letters are in them.
// SPDX-License-Identifier: MIT
%%{
  machine rfc3261;

  ALPHA = [A-Za-z];
  DIGIT = [0-9];
  HEXDIG = [0-9A-Fa-f];
  SP = " ";
  HTAB = "\t";
  CRLF = "\r\n";
  WSP = SP | HTAB;
  DQUOTE = '"';

  LWS = ( WSP* CRLF )? WSP+;
  SWS = LWS?;

  alphanum = ALPHA | DIGIT;
  mark = [\-_.!~*'()];
  unreserved = alphanum | mark;
  reserved = [;/?:@&=+$,];
  escaped = "%" HEXDIG HEXDIG;

  UTF8_NONASCII = 0x80..0xff;   # any octet above ASCII: that it is well-formed UTF-8 is not checked
  tchar = alphanum | [\-.!%*_+`'~];
  token = tchar+;
  # gen-value without quotes: token, host, and what cannot be mistaken for the end of one (core/message/detail/odd_parameters.h).
  plain_value = ( 0x21..0x7e - [";,<>] | UTF8_NONASCII )+;
  word = ( tchar | [()<>:\\"/\[\]?{}] )+;

  SLASH = SWS "/" SWS;
  EQUAL = SWS "=" SWS;
  SEMI = SWS ";" SWS;
  COLON = SWS ":" SWS;
  COMMA = SWS "," SWS;

  quoted_pair = "\\" ( 0x00..0x09 | 0x0b..0x0c | 0x0e..0x7f );
  qdtext_octet = 0x21 | 0x23..0x5b | 0x5d..0x7e | UTF8_NONASCII;
}%%
