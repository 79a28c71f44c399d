// CSeq: a number below 2^31 and a method (RFC 3261 sections 20.16, 8.1.1.5).
// SPDX-License-Identifier: MIT
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
  action skip_token { p = detail::skip<detail::token_octet>(p + 1, pe, wide) - 1; }
  action method { cseq.method_name = detail::text_from(begin, p); }

  main := DIGIT+ >number LWS token >begin >skip_token %method;

  write data noerror;
}%%

constexpr std::uint64_t bound = std::uint64_t{1} << 31;

}  // namespace

Parsed<CSeq> parse_cseq(std::string_view value) {
  const unsigned char* p = detail::octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* const eof = pe;
  const bool wide = value.size() >= detail::run_vector;
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
