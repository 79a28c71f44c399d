// The rules of RFC 8866 section 9 that the SDP machines share, and white space as they forgive it: one space stands between words;
// more, tabs, and white space around a value are noted. The including function has `in`, a sdp::detail::Input.
// SPDX-License-Identifier: MIT
%%{
  machine sdp_rules;
  alphtype unsigned char;
  variable p in.p;
  variable pe in.pe;
  variable eof in.pe;
  variable cs in.cs;

  action mark { in.mark(); }
  action spaces { in.forgive(Forgiveness::sdp_white_space); }
  action trailing { in.forgive_trailing(); }

  ALPHA = [A-Za-z];
  DIGIT = [0-9];
  HEXDIG = [0-9A-Fa-f];
  VCHAR = 0x21..0x7e;

  byte = any - ( 0 | "\r" | "\n" );
  token_char = ALPHA | DIGIT | [!#$%&'*+\-.^_`{|}~];
  token = token_char+;
  non_ws_string = ( VCHAR | 0x80..0xff )+;
  bytes = byte+;

  extra = ( [ \t] @spaces )*;
  trailing = ( [ \t]+ %trailing )?;   # known at the end only: another word may follow
  SP = ( " " | "\t" @spaces ) extra;
}%%
