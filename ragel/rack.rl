// RAck: an RSeq, then what CSeq has (RFC 3262 section 7.2).
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/rack.h>

#include <limits>

namespace sipring {
namespace {

%%{
  machine rack;
  alphtype unsigned char;
  include rfc3261 "rfc3261.rl";

  action number { number = detail::read_number(p, pe, beyond); --p; }
  action cseq { cseq = p; fhold; fbreak; }

  main := DIGIT+ >number LWS ( DIGIT @cseq );

  write data noerror noentry;
}%%

constexpr std::uint64_t beyond = std::uint64_t{std::numeric_limits<std::uint32_t>::max()} + 1;

}  // namespace

Parsed<RAck> parse_rack(std::string_view value) {
  const unsigned char* p = detail::octets(value.data());
  const unsigned char* const pe = p + value.size();
  const unsigned char* cseq = nullptr;
  std::uint64_t number = 0;
  int cs = rack_start;

  %% write exec;

  const auto fail = [&](std::size_t offset) {
    return std::unexpected{ParseError{ParseErrorCode::rack, static_cast<std::uint32_t>(offset)}};
  };
  const auto offset = static_cast<std::size_t>((cseq == nullptr ? p : cseq) - detail::octets(value.data()));
  if (cs < rack_first_final) return fail(offset);
  if (number == 0 || number == beyond) return fail(0);
  const Parsed<CSeq> acknowledged = parse_cseq(value.substr(offset));
  if (!acknowledged) return fail(offset + acknowledged.error().offset);
  return RAck{static_cast<std::uint32_t>(number), acknowledged->number, acknowledged->method, acknowledged->method_name};
}

}  // namespace sipring
