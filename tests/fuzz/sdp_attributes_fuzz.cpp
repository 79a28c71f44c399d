// Values of SDP lines and attributes: the first octet says by which parser. Strict is part of
// tolerant, errors have an offset inside, and what is written again reads as the same.
// SPDX-License-Identifier: MIT
#include <charconv>
#include <string>

#include "tests/core/sdp/rendered.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;

std::size_t offset_in(std::string_view error) {
  std::size_t offset = 0;
  error.remove_prefix(error.rfind('@') + 1);
  std::from_chars(error.data(), error.data() + error.size(), offset);
  return offset;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto& parser = sdp::testing::parsers[data[0] % std::size(sdp::testing::parsers)];
  const std::string_view value = fuzz::text_of(data + 1, size - 1);
  const sdp::testing::Outcome outcome = parser.read(value);
  if (outcome.failed) {
    fuzz::must(offset_in(outcome.text) <= value.size(), "offset");
    return 0;
  }
  const bool clean = outcome.text.find(" ~sdp_") == std::string::npos;
  fuzz::must(!clean || outcome.strict, "strict takes what needs no forgiveness");
  if (outcome.written)
    fuzz::must(outcome.text.starts_with(outcome.again), "written as what reads the same");
  return 0;
}
