// *( SEMI generic-param ) as the value machines read it: every parameter goes the same way, and C++ looks at its name. A grammar with
// an alternative per known name would have more states and no fewer comparisons.
//
// The including machine has `detail::RawParameter parameter` and two actions that run where a name begins: `take_parameter` looks at the
// parameter before (C++ does so at the end): after "name " nobody knows yet whether "=" will come, and at ";" it would run before the
// actions that end that parameter. `take_plain` lets the accelerator take what it can.
//
// What is let pass is found in C++ afterwards (core/message/detail/odd_parameters.h); `odd` says that there may be some. A ";" at the end
// is seen by its octet.
// SPDX-License-Identifier: MIT
%%{
  machine parameter_rules;

  action parameter_name { parameter.begin(p); }
  action parameter_name_end { parameter.end_name(p); }
  action parameter_equal { parameter.begin_value(p + 1); parameter.end_value(p + 1); }   # until one is there
  action parameter_value { parameter.begin_value(p); }
  action parameter_value_end { parameter.end_value(p); }
  action semicolon { if (parameters == nullptr) parameters = p; }
  action odd { odd = true; }
  action skip_token { if (accelerated) p = detail::skip<detail::token_octet>(p + 1, pe, wide) - 1; }
  action skip_value { if (accelerated) p = detail::skip<detail::value_octet>(p + 1, pe, wide) - 1; }
  action skip_quoted { if (accelerated) p = detail::skip<detail::quoted_octet>(p + 1, pe, wide) - 1; }

  # LWS inside a quoted string: white space, and folds before white space.
  quoted_string = DQUOTE ( ( qdtext_octet | WSP ) @skip_quoted | CRLF WSP | quoted_pair )* DQUOTE;

  gen_value = plain_value >skip_value | quoted_string;
  parameter_begin = token >take_parameter >take_plain >parameter_name >skip_token %parameter_name_end;
  generic_param = parameter_begin ( SWS "=" @parameter_equal SWS ( gen_value >parameter_value %parameter_value_end )? )?;
  semicolons = SWS ";" @semicolon ( SWS ";" @odd )*;
  parameters = ( semicolons SWS generic_param )* semicolons?;
}%%
