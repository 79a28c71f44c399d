// SPDX-License-Identifier: MIT
#include <answer/dialog_tag.h>

#include <sipring/core/message/header/address.h>

#include <charconv>
#include <cstddef>
#include <optional>

namespace sipring::app {
namespace {

constexpr std::size_t half = 16;  // digits of a 64-bit number

void put_hexadecimal(char* to, std::uint64_t number) {
  for (std::size_t i = half; i-- > 0; number >>= 4) to[i] = "0123456789abcdef"[number & 15];
}

std::optional<std::uint64_t> read_hexadecimal(std::string_view digits) {
  std::uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number, 16);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

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
  put_hexadecimal(tag.digits.data(), number);
  put_hexadecimal(tag.digits.data() + half, sign(dialog, number));
  return tag;
}

bool DialogTags::is_ours(const DialogId& dialog) const {
  if (dialog.to_tag.size() != 2 * half) return false;
  const auto number = read_hexadecimal(dialog.to_tag.substr(0, half));
  const auto signature = read_hexadecimal(dialog.to_tag.substr(half));
  return number && signature && *signature == sign(dialog, *number);
}

Hash128 DialogTags::key(const DialogId& dialog) const {
  Hasher hasher(sign_seed_);
  hasher.add(dialog.call_id);
  hasher.add(dialog.from_tag);
  hasher.add(dialog.to_tag);
  return hasher.finish();
}

std::uint64_t DialogTags::sign(const DialogId& dialog, std::uint64_t number) const {
  Hasher hasher(sign_seed_);
  hasher.add(number);
  hasher.add(dialog.call_id);
  hasher.add(dialog.from_tag);
  return hasher.finish().low;
}

}  // namespace sipring::app
