// CSeq: a number below 2^31 and a method (RFC 3261 sections 20.16, 8.1.1.5).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/name_hash.h>
#include <sipring/core/message/detail/plain.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/header/cseq.h>

namespace sipring {
namespace {

%%{
  machine cseq;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action number { number = detail::read_number(p, pe, bound); --p; }
  action begin { begin = p; }
  action method { cseq.method_name = detail::text_from(begin, p); }

  main := DIGIT+ >number LWS token >begin %method;

  write data noerror;
}%%

constexpr std::uint64_t bound = std::uint64_t{1} << 31;

// "number SP method" with a method of the list; false leaves it to the grammar.
bool take_ordinary(std::string_view value, CSeq& cseq) {
  const unsigned char* at = detail::octets(value.data());
  const unsigned char* const end = at + value.size();
  const std::uint64_t number = detail::read_number(at, end, bound);
  if (at == detail::octets(value.data()) || number >= bound || end - at < 2 || *at != ' ')
    return false;
  const std::string_view name = detail::text_from(at + 1, end);
  cseq.method = detail::find_method(name.data(), name.size());
  cseq.number = static_cast<std::uint32_t>(number);
  cseq.method_name = name;
  return cseq.method != Method::unknown;
}

}  // namespace

Parsed<CSeq> parse_cseq(std::string_view value) {
  CSeq cseq;
  if (take_ordinary(value, cseq)) return cseq;
  return detail::parse_cseq_plain(value);
}

Parsed<CSeq> detail::parse_cseq_plain(std::string_view value) {
  const unsigned char* p = detail::octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const unsigned char* begin = p;
  std::uint64_t number = 0;
  int cs = cseq_start;
  CSeq cseq;

  %% write exec;

  const auto offset = static_cast<std::uint32_t>(p - detail::octets(value.data()));
  if (p != pe || cs < cseq_first_final) return std::unexpected{ParseError{ParseErrorCode::cseq, offset}};
  if (number >= bound) return std::unexpected{ParseError{ParseErrorCode::cseq, 0}};
  cseq.number = static_cast<std::uint32_t>(number);
  cseq.method = method_from(cseq.method_name);
  return cseq;
}

}  // namespace sipring
