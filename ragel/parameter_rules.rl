// *( SEMI generic-param ) as the value machines read it: every parameter goes the same way, and C++ looks at its name. A grammar with
// an alternative per known name would have more states and no fewer comparisons.
//
// The including machine has `detail::RawParameter parameter`, an action `take_parameter` that looks at it, and an action `semicolon`.
// A parameter is taken where the next one begins (C++ takes the last one): after "name " nobody knows yet whether "=" will come, and
// at ";" actions of the loop's end would run after those of its beginning.
// SPDX-License-Identifier: MIT
%%{
  machine parameter_rules;

  action parameter_name { parameter.begin(p); }
  action parameter_name_end { parameter.end_name(p); }
  action parameter_value { parameter.begin_value(p); }
  action parameter_value_end { parameter.end_value(p); }
  action skip_token { p = detail::skip<detail::token_octet>(p + 1, pe) - 1; }
  action skip_value { p = detail::skip<detail::value_octet>(p + 1, pe) - 1; }
  action skip_quoted { p = detail::skip<detail::quoted_octet>(p + 1, pe) - 1; }

  # LWS inside a quoted string: white space, and folds before white space.
  quoted_string = DQUOTE ( ( qdtext_octet | WSP ) @skip_quoted | CRLF WSP | quoted_pair )* DQUOTE;

  # token | host: an IPv6 reference adds its brackets and colons; received may stand without brackets (RFC 5118 section 4.5).
  plain_value = ( tchar | [\[\]:] )+;
  gen_value = plain_value >skip_value | quoted_string;
  generic_param = token >take_parameter >parameter_name >skip_token %parameter_name_end
                  ( EQUAL gen_value >parameter_value %parameter_value_end )?;
  parameters = ( SWS ";" @semicolon SWS generic_param )*;
}%%
