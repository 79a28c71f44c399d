// DialogTags: To tags that say by themselves that we made them for this Call-ID and From tag
// (RFC 3261 sections 12.1.1, 19.3).
//
// A tag is the shard's mark, a number that never comes twice, and a keyed hash of both, the Call-ID
// and the From tag. Shards that share the first two words of entropy know each other's tags. So
// a call needs no memory once its ACK has come: a BYE whose tag verifies belongs to a dialog of
// ours. While there is memory the number says where.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/entropy.h>
#include <sipring/core/message/envelope.h>
#include <sipring/core/message/message.h>
#include <sipring/core/transaction/shard_mark.h>
#include <sipring/pools/hash.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

// What names a dialog, as views into a request of the peer's (section 12).
struct DialogId {
  std::string_view call_id;
  std::string_view from_tag;
  std::string_view to_tag;  // empty: outside of any dialog
};
[[nodiscard]] DialogId dialog_id_of(const Message& request);
[[nodiscard]] inline DialogId dialog_id_of(const Envelope& envelope) {
  return {envelope.call_id, envelope.from_tag, envelope.to_tag};
}

struct DialogTag {
  std::array<char, 40> digits{};  // hexadecimal: mark, number, hash
  Hash128 key;                    // hash low, number high
  [[nodiscard]] std::string_view view() const { return {digits.data(), digits.size()}; }
};

// What a To tag of make()'s form says; whether it is true is verify()'s to know.
struct TagClaim {
  std::uint32_t mark = 0;
  std::uint64_t number = 0, hash = 0;
};

class DialogTags {
 public:
  explicit DialogTags(const Entropy& entropy, const ShardMark& mark = {});

  // `number` never comes twice.
  [[nodiscard]] DialogTag make(const DialogId& dialog, std::uint64_t number) const;
  // The tag in `dialog.to_tag` when it is one that make() gave for this Call-ID and From tag.
  [[nodiscard]] std::optional<DialogTag> recognize(const DialogId& dialog) const;
  // The same in two steps, for who has something to fetch between them. nullopt: no tag of ours.
  [[nodiscard]] static std::optional<TagClaim> read(std::string_view to_tag);
  [[nodiscard]] bool verify(const TagClaim& claim, std::string_view call_id,
                            std::string_view from_tag) const;

 private:
  // The whole hash at one place, so that its state stays in registers.
  [[nodiscard, gnu::flatten]] std::uint64_t sign(const DialogId& dialog, std::uint64_t mark,
                                                 std::uint64_t number) const;

  HashSeed sign_seed_;
  ShardMark mark_;
};

}  // namespace sipring
