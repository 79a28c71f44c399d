// What parameter values may be, where that is more than a token: one rule each, entered by name (core/message/detail/parameter_values.h).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/parameter_values.h>
#include <sipring/core/message/detail/raw_parameter.h>

namespace sipring::detail {
namespace {

%%{
  machine parameter_values;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  token_rule := token;
  number_rule := DIGIT+;
  two_digits_rule := DIGIT{1,2};
  qvalue_rule := "0" ( "." DIGIT{0,3} )? | "1" ( "." "0"{0,3} )?;

  # RFC 7044 section 5: no number begins with a zero, but 0.
  index_number = ( [1-9] DIGIT* )? DIGIT;
  index_rule := index_number ( "." index_number )*;

  # RFC 3892 section 3; a host has no octet that a dot-atom has not, but the brackets of an IPv6 reference.
  atom = ( alphanum | [\-!%*_+'`~] )+;
  dot_atom = atom ( "." atom )*;
  IPv6reference = "[" ( HEXDIG | [:.] )+ "]";
  content_id_rule := dot_atom "@" ( dot_atom | IPv6reference );

  # RFC 5626 section 10.
  instance_rule := "<" ( reserved | unreserved | escaped )+ ">";

  # RFC 7339 section 9, where *(other-algo) stands for a word.
  algorithm = alphanum+;
  algorithms_rule := algorithm ( COMMA algorithm )*;
  overload_sequence_rule := DIGIT{1,12} "." DIGIT{1,5};

  hex_rule := ( DIGIT | [a-f] )+;   # how many of them is C++

  # RFC 3840 section 9; which names need no "+" is C++.
  ftag_name = ALPHA ( alphanum | [!'.\-%] )*;
  feature_tag_rule := "+"? ftag_name;

  write data noerror;
}%%

int start_of(ValueRule rule) {
  switch (rule) {
    case ValueRule::token: return parameter_values_en_token_rule;
    case ValueRule::number: return parameter_values_en_number_rule;
    case ValueRule::two_digits: return parameter_values_en_two_digits_rule;
    case ValueRule::qvalue: return parameter_values_en_qvalue_rule;
    case ValueRule::index: return parameter_values_en_index_rule;
    case ValueRule::content_id: return parameter_values_en_content_id_rule;
    case ValueRule::instance: return parameter_values_en_instance_rule;
    case ValueRule::algorithms: return parameter_values_en_algorithms_rule;
    case ValueRule::overload_sequence: return parameter_values_en_overload_sequence_rule;
    case ValueRule::hex: return parameter_values_en_hex_rule;
    case ValueRule::feature_tag: return parameter_values_en_feature_tag_rule;
  }
  return parameter_values_en_token_rule;
}

}  // namespace

bool matches(ValueRule rule, std::string_view text) {
  const unsigned char* p = octets(text.data());
  const unsigned char* const pe = p + text.size();
  int cs = start_of(rule);

  %% write exec;

  return cs >= parameter_values_first_final;
}

}  // namespace sipring::detail
