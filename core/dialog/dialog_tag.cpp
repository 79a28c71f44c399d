// SPDX-License-Identifier: MIT
#include <sipring/core/dialog/dialog_tag.h>

#include <sipring/core/message/header/address.h>
#include <sipring/pools/hexadecimal.h>

#include <algorithm>

namespace sipring {
namespace {

std::string_view tag_of(const Message& request, HeaderId id) {
  const auto address = parse_address_without_uri(request.first(id).value_or(""));
  return address ? address->tag : std::string_view{};
}

}  // namespace

DialogId dialog_id_of(const Message& request) {
  return {request.first(HeaderId::call_id).value_or(""), tag_of(request, HeaderId::from),
          tag_of(request, HeaderId::to)};
}

DialogTags::DialogTags(const Entropy& entropy, const ShardMark& mark)
    : sign_seed_{entropy.words[0], entropy.words[1]}, mark_(mark) {}

DialogTag DialogTags::make(const DialogId& dialog, std::uint64_t number) const {
  DialogTag tag;
  tag.key = {.low = sign(dialog, mark_.number(), number), .high = number};
  char* at = put_hexadecimal(tag.digits.data(), mark_.number());
  at = put_hexadecimal(at, number);
  put_hexadecimal(at, tag.key.low);
  return tag;
}

// Digits of make()'s form; the hash says whether they are ours.
std::optional<TagClaim> DialogTags::read(std::string_view to_tag) {
  if (to_tag.size() != std::tuple_size_v<decltype(DialogTag::digits)>) return std::nullopt;
  const char* const digits = to_tag.data();
  const auto mark = read_hexadecimal<std::uint32_t>(digits);
  const auto number = read_hexadecimal<std::uint64_t>(digits + ShardMark::digits);
  const auto hash =
      read_hexadecimal<std::uint64_t>(digits + ShardMark::digits + hex_digits_of_word);
  if (!mark || !number || !hash) return std::nullopt;
  return TagClaim{*mark, *number, *hash};
}

bool DialogTags::verify(const TagClaim& claim, std::string_view call_id,
                        std::string_view from_tag) const {
  return claim.hash == sign({call_id, from_tag, {}}, claim.mark, claim.number);
}

std::optional<DialogTag> DialogTags::recognize(const DialogId& dialog) const {
  const auto claim = read(dialog.to_tag);
  if (!claim || !verify(*claim, dialog.call_id, dialog.from_tag)) return std::nullopt;
  DialogTag tag;
  std::ranges::copy(dialog.to_tag, tag.digits.begin());
  tag.key = {.low = claim->hash, .high = claim->number};
  return tag;
}

std::uint64_t DialogTags::sign(const DialogId& dialog, std::uint64_t mark,
                               std::uint64_t number) const {
  Hasher hasher(sign_seed_);
  hasher.add(mark);
  hasher.add(number);
  hasher.add(dialog.call_id);
  hasher.add(dialog.from_tag);
  return hasher.finish_low();
}

}  // namespace sipring
