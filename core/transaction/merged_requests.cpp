// SPDX-License-Identifier: MIT
#include <sipring/core/transaction/detail/merged_requests.h>

#include <utility>

namespace sipring {
namespace {

// Other hashes under the same seed start with other words (key.cpp).
constexpr std::uint64_t this_hash = 0x80;

}  // namespace

std::uint64_t MergedRequests::hash(const HashSeed& seed, const Envelope& request) {
  const CSeq& cseq = request.cseq;
  Hasher hasher(seed);
  hasher.add(this_hash | std::uint64_t{std::to_underlying(cseq.method)} << 8 |
             std::uint64_t{cseq.number} << 32);
  if (cseq.method == Method::unknown) hasher.add(cseq.method_name);
  hasher.add(request.from_tag);
  hasher.add(request.call_id);
  const std::uint64_t key = hasher.finish_low();
  return key == 0 ? 1 : key;
}

}  // namespace sipring
