// SPDX-License-Identifier: MIT
#include <answer/dialog_tag.h>

#include <sipring/core/message/header/address.h>
#include <sipring/pools/hexadecimal.h>

#include <algorithm>

namespace sipring::app {
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
    : sign_seed_{entropy.words[0], entropy.words[1]},
      mark_(mark),
      made_(static_cast<std::uint32_t>(entropy.words[2])) {}

DialogTag DialogTags::make(const DialogId& dialog) {
  const std::uint64_t number = std::uint64_t{mark_.number()} << 32 | ++made_;
  DialogTag tag;
  tag.key = {.low = sign(dialog, number), .high = number};
  put_hexadecimal(put_hexadecimal(tag.digits.data(), number), tag.key.low);
  return tag;
}

// Of the form that make() gives; whether it is one of ours its hash will say.
std::optional<DialogTag> DialogTags::read(std::string_view text) {
  DialogTag tag;
  if (text.size() != tag.digits.size()) return std::nullopt;
  std::ranges::copy(text, tag.digits.begin());
  const auto number = read_hexadecimal(tag.digits.data());
  const auto signature = read_hexadecimal(tag.digits.data() + hex_digits_of_word);
  if (!number || !signature) return std::nullopt;
  tag.key = {.low = *signature, .high = *number};
  return tag;
}

std::uint64_t DialogTags::sign(const DialogId& dialog, std::uint64_t number) const {
  Hasher hasher(sign_seed_);
  hasher.add(number);
  hasher.add(dialog.call_id);
  hasher.add(dialog.from_tag);
  return hasher.finish_low();
}

}  // namespace sipring::app
