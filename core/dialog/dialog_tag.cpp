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
std::optional<DialogTag> DialogTags::recognize(const DialogId& dialog) const {
  DialogTag tag;
  if (dialog.to_tag.size() != tag.digits.size()) return std::nullopt;
  std::ranges::copy(dialog.to_tag, tag.digits.begin());
  const char* const digits = tag.digits.data();
  const auto mark = read_hexadecimal<std::uint32_t>(digits);
  const auto number = read_hexadecimal<std::uint64_t>(digits + ShardMark::digits);
  const auto hash =
      read_hexadecimal<std::uint64_t>(digits + ShardMark::digits + hex_digits_of_word);
  if (!mark || !number || !hash || *hash != sign(dialog, *mark, *number)) return std::nullopt;
  tag.key = {.low = *hash, .high = *number};
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
