// What tells transactions apart: RFC 3261 sections 17.1.3 and 17.2.3. A key is a 128-bit keyed hash
// of what the RFC compares; under a secret seed two different transactions share one with a
// probability of 2^-128, so the texts are not kept.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/magic_cookie.h>
#include <sipring/core/message/envelope.h>
#include <sipring/core/message/message.h>
#include <sipring/core/message/names.h>
#include <sipring/core/transaction/shard_mark.h>
#include <sipring/pools/hash.h>
#include <sipring/pools/hexadecimal.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace sipring {

struct TransactionKey {
  Hash128 hash;
  // Transmit::lane of what the transaction sends.
  [[nodiscard]] std::uint32_t lane() const { return static_cast<std::uint32_t>(hash.high); }
  friend bool operator==(const TransactionKey&, const TransactionKey&) = default;
};

// For a response, or a request of ours: branch and method (section 17.1.3).
[[nodiscard]] TransactionKey client_key(const HashSeed& seed, std::string_view branch,
                                        std::string_view method);

// For a request from the wire: branch, sent-by and method, or the rules of RFC 2543 when the branch
// has no magic cookie (section 17.2.3). An ACK has its INVITE's key. `method` is the one to match:
// a CANCEL looks for "INVITE".
[[nodiscard]] TransactionKey server_key(const HashSeed& seed, const Message& request,
                                        const Envelope& envelope, std::string_view method);
// For a branch with the magic cookie, or a response of ours that came back undelivered.
[[nodiscard]] TransactionKey server_key(const HashSeed& seed, const Via& via,
                                        std::string_view method);

// A text of hexadecimal digits after a prefix.
struct HexText {
  std::array<char, 32> characters{};
  std::uint8_t size = 0;
  [[nodiscard]] std::string_view view() const { return {characters.data(), size}; }
  // Eight digits of 32 bits, sixteen of 64.
  template <class Number>
  void append(Number number) {
    char* const end = put_hexadecimal(characters.data() + size, number);
    size = static_cast<std::uint8_t>(end - characters.data());
  }
};

// "z9hG4bK", the mark, sixteen digits of a number that only we can foresee.
[[nodiscard]] HexText make_branch(const HashSeed& seed, const ShardMark& mark,
                                  std::uint64_t sequence);
// The tag with which a transaction answers, the mark first: a function of its key, so nothing is
// stored (section 19.3).
[[nodiscard]] HexText make_tag(const TransactionKey& key, const ShardMark& mark);

}  // namespace sipring
