// CSeq: accelerated and plain agree; the number is what a reader by hand finds.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/plain.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sipring;
  const std::string_view value = fuzz::text_of(data, size);
  const Parsed<CSeq> cseq = parse_cseq(value);
  const Parsed<CSeq> plain = detail::parse_cseq_plain(value);
  fuzz::must(fuzz::same_outcome(cseq, plain, value), "outcome");
  if (!cseq) return 0;
  fuzz::must(cseq->number == plain->number && cseq->method == plain->method, "number and method");
  fuzz::must(fuzz::same_place(cseq->method_name, plain->method_name), "method_name");
  fuzz::must(fuzz::is_inside(cseq->method_name, value), "inside");
  std::uint64_t number = 0;
  for (const char octet : value.substr(0, value.find_first_not_of("0123456789")))
    number = number * 10 + static_cast<std::uint64_t>(octet - '0');
  fuzz::must(number == cseq->number && number < (std::uint64_t{1} << 31), "the digits' number");
  return 0;
}
