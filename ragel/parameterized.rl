// A head and parameters, up to the comma before the next element (RFC 3261 section 25.1): one machine with an entry for each kind of
// head, so that the states of the parameters are there once.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/odd_parameters.h>
#include <sipring/core/message/detail/parameterized.h>
#include <sipring/core/message/detail/raw_parameter.h>

#include <algorithm>
#include <limits>

namespace sipring::detail {
namespace {

%%{
  machine parameterized;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";
  include value_rules "value_rules.rl";

  action head { read.head = text_from(begin, p); }
  action second { read.second = text_from(begin, p); }
  action open { begin = p; depth = 1; fgoto comment; }
  action deeper { ++depth; }
  action shallower { if (--depth == 0) { read.second = text_from(begin, p + 1); fgoto after; } fgoto comment; }

  tail = ( [ \t\r;,] @{ fhold; fgoto after; } )?;
  after := rest;

  token_head := SWS token >begin %head tail;
  media_type_head := SWS token >begin %head SLASH token >begin %second tail;
  seconds_head := SWS DIGIT+ >begin %head tail;
  retry_after_head := SWS DIGIT+ >begin %head SWS ( "(" @open | [;,] @{ fhold; fgoto after; } )?;
  comment := ( ctext | quoted_pair | "(" @deeper )* ")" @shallower;

  write data noerror;
}%%

struct Entry {
  int state;
  ParseErrorCode code;
};

Entry entry_of(ValueHead head) {
  switch (head) {
    case ValueHead::token: return {parameterized_en_token_head, ParseErrorCode::token};
    case ValueHead::media_type: return {parameterized_en_media_type_head, ParseErrorCode::media_type};
    case ValueHead::seconds: return {parameterized_en_seconds_head, ParseErrorCode::number};
    case ValueHead::retry_after: return {parameterized_en_retry_after_head, ParseErrorCode::number};
  }
  return {parameterized_en_token_head, ParseErrorCode::token};
}

std::unexpected<ParseError> error_at(ParseErrorCode code, std::size_t offset) {
  return std::unexpected{ParseError{code, static_cast<std::uint32_t>(offset)}};
}

}  // namespace

Parsed<Parameterized> read_parameterized(std::string_view value, ValueHead head) {
  const unsigned char* p = octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const unsigned char* begin = p;
  const unsigned char* parameters = nullptr;
  const unsigned char* comma = nullptr;
  std::uint32_t depth = 0;
  bool odd = false;
  Parameterized read;
  const Entry entry = entry_of(head);
  int cs = entry.state;

  %% write exec;

  if (cs < parameterized_first_final)
    return error_at(entry.code, static_cast<std::size_t>(p - octets(value.data())));
  const unsigned char* const stop = comma == nullptr ? pe : comma;
  if (parameters != nullptr) read.parameters = text_from(parameters, trim_end(parameters, stop));
  if (odd) note_odd_parameters(read.parameters, static_cast<std::size_t>(parameters - octets(value.data())), read.forgiven);
  read.length = static_cast<std::uint32_t>(stop - octets(value.data()));
  return read;
}

Parsed<Parameterized> read_whole(std::string_view value, ValueHead head) {
  const Parsed<Parameterized> read = read_parameterized(value, head);
  if (read && read->length != value.size()) return error_at(entry_of(head).code, read->length);
  return read;
}

std::optional<std::uint32_t> seconds_from(std::string_view digits) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  const unsigned char* at = octets(digits.data());
  const unsigned char* const end = at + digits.size();
  const std::uint64_t number = read_number(at, end, most);
  if (digits.empty() || at != end) return std::nullopt;
  return static_cast<std::uint32_t>(number);
}

}  // namespace sipring::detail
