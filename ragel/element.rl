// A short head, then *( SEMI generic-param ), up to the comma before the next element: one machine for the productions of that shape,
// entered where the head of a production begins. Which they are: core/message/detail/element.h.
//
// Each head ends at the octet after it, which goes to `tail`; so all of them share its states.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/element.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>

namespace sipring::detail {
namespace {

%%{
  machine element;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action take_parameter {}
  action take_plain {}
  include parameter_rules "parameter_rules.rl";

  action begin { begin = p; }
  action head { element.head = text_from(begin, p); expected = ParseErrorCode::field_value; }
  action tail { fhold; fgoto tail; }
  action comma { comma = p; fbreak; }

  tail := parameters SWS ( "," @comma )?;
  after = ( WSP | "\r" | [;,] ) @tail;

  token_head := SWS token >begin %head after?;
  word_head := SWS ( token | quoted_string ) >begin %head after?;
  call_id_head := SWS ( word ( "@" word )? ) >begin %head after?;
  star_head := SWS "*" >begin %head after?;
  error_code_head := SWS DIGIT{1,3} >begin %head after?;
  hex_head := SWS ( DIGIT | [a-f] )+ >begin %head after?;
  parameter_head := SWS generic_param >begin %head SWS ( [;,] @tail )?;

  write data noerror;
}%%

int start_of(Head head) {
  switch (head) {
    case Head::token: return element_en_token_head;
    case Head::word: return element_en_word_head;
    case Head::call_id: return element_en_call_id_head;
    case Head::star: return element_en_star_head;
    case Head::error_code: return element_en_error_code_head;
    case Head::hex: return element_en_hex_head;
    case Head::parameter: return element_en_parameter_head;
  }
  return element_en_tail;
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
  ParseErrorCode expected = head == Head::call_id ? ParseErrorCode::call_id : ParseErrorCode::field_value;
  int cs = start_of(head);
  Element element;

  %% write exec;

  if (cs < element_first_final)
    return std::unexpected{ParseError{expected, static_cast<std::uint32_t>(p - octets(value.data()))}};
  const unsigned char* const stop = comma == nullptr ? pe : comma;
  if (parameters != nullptr) element.parameters = text_from(parameters, trim_end(parameters, stop));
  element.length = static_cast<std::uint32_t>(stop - octets(value.data()));
  return element;
}

}  // namespace sipring::detail
