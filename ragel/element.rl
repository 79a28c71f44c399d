// A short head, then *( SEMI generic-param ), up to the comma before the next element: one machine for the productions of that shape,
// entered where the head of a production begins. Which they are: core/message/detail/element.h.
//
// Each head ends at the octet after it, which goes to `tail`; so all of them share its states.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/element.h>
#include <sipring/core/message/detail/odd_parameters.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>

namespace sipring::detail {
namespace {

%%{
  machine element;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action take_parameter { odd |= !parameter.empty() && parameter.is_odd(); }
  action take_plain {}
  include parameter_rules "parameter_rules.rl";

  action begin { begin = p; }
  action head { element.head = text_from(begin, p); expected = ParseErrorCode::field_value; }
  action tail { fhold; fgoto tail; }
  action loose { element.forgiven.add(Forgiveness::loose_call_id, static_cast<std::size_t>(p - octets(value.data()))); }
  action comma { comma = p; fbreak; }

  tail := parameters SWS ( "," @comma )?;
  # RFC 7315 section 5.4: a parameter may be a quoted string alone.
  access_tail := ( semicolons SWS ( generic_param | quoted_string ) )* semicolons? SWS ( "," @comma )?;
  after = ( WSP | "\r" | [;,] ) @tail;

  token_head := SWS token >begin %head after?;
  access_type_head := SWS token >begin %head ( ( WSP | "\r" | [;,] ) @{ fhold; fgoto access_tail; } )?;
  word_head := SWS ( token | quoted_string ) >begin %head after?;
  # Up to its parameters: "," and ";" are in no Call-ID here.
  loose_word = ( tchar | [()<>:\\"/\[\]?{}] | ( [#$&=^|] | UTF8_NONASCII ) @loose )+;
  call_id_head := SWS ( loose_word ( "@" loose_word ( "@" @loose loose_word )* )? ) >begin %head after?;
  star_head := SWS "*" >begin %head after?;
  error_code_head := SWS DIGIT{1,3} >begin %head after?;
  hex_head := SWS ( DIGIT | [a-f] )+ >begin %head after?;
  parameter_head := SWS generic_param >begin %head SWS ( [;,] @tail )?;

  write data noerror;
}%%

int start_of(Head head) {
  switch (head) {
    case Head::token: return element_en_token_head;
    case Head::access_type: return element_en_access_type_head;
    case Head::word: return element_en_word_head;
    case Head::call_id: return element_en_call_id_head;
    case Head::star: return element_en_star_head;
    case Head::error_code: return element_en_error_code_head;
    case Head::hex: return element_en_hex_head;
    case Head::parameter: return element_en_parameter_head;
  }
  return element_en_tail;
}

// A parameter that has no ";" before it.
void note_odd_head(Element& element, std::size_t offset) {
  note_odd_parameters(element.head, offset, element.forgiven);
}

}  // namespace

Parsed<Element> read_element(std::string_view value, Head head) {
  constexpr bool accelerated = false;  // nothing here is read for every message
  const unsigned char* p = octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const bool wide = value.size() >= run_vector;
  const unsigned char* begin = p;
  const unsigned char* parameters = nullptr;
  const unsigned char* comma = nullptr;
  RawParameter parameter;
  bool odd = false;
  ParseErrorCode expected = head == Head::call_id ? ParseErrorCode::call_id : ParseErrorCode::field_value;
  int cs = start_of(head);
  Element element;

  %% write exec;

  if (cs < element_first_final)
    return std::unexpected{ParseError{expected, static_cast<std::uint32_t>(p - octets(value.data()))}};
  const unsigned char* const stop = comma == nullptr ? pe : comma;
  const auto offset_of = [&](const unsigned char* where) { return static_cast<std::uint32_t>(where - octets(value.data())); };
  if (head == Head::parameter) note_odd_head(element, offset_of(octets(element.head.data())));
  if (parameters != nullptr) {
    element.parameters = text_from(parameters, trim_end(parameters, stop));
    if (odd || parameter.is_odd() || element.parameters.back() == ';')
      note_odd_parameters(element.parameters, offset_of(parameters), element.forgiven);
  }
  element.length = offset_of(stop);
  return element;
}

}  // namespace sipring::detail
