// Call-ID and numbers: against the obvious loops.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/ordinary.h>
#include <sipring/core/message/header/values.h>

#include <algorithm>

#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;

bool is_word(std::string_view text) {
  return !text.empty() && text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "-.!%*_+`'~()<>:\\\"/[]?{}") == text.npos;
}

bool is_call_id(std::string_view text) {
  const std::size_t at = text.find('@');
  return is_word(text.substr(0, at)) && (at == text.npos || is_word(text.substr(at + 1)));
}

bool is_visible(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char octet) {
    const auto number = static_cast<unsigned char>(octet);
    return number > 0x20 && number != 0x7f;
  });
}

void check_number(const Parsed<std::uint32_t>& parsed, std::string_view text, std::uint64_t most,
                  bool saturates) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  std::uint64_t number = 0;
  if (digits)
    for (const char digit : text)
      number = std::min<std::uint64_t>(number * 10 + static_cast<std::uint64_t>(digit - '0'),
                                       1ULL << 40);
  fuzz::must(parsed.has_value() == (digits && (saturates || number <= most)),
             "which numbers are accepted");
  if (parsed) fuzz::must(*parsed == std::min(number, most), "the number");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const Parsed<CallId> call_id = parse_call_id(text);
  fuzz::must(strictly(call_id).has_value() == is_call_id(text), "which Call-IDs are accepted");
  fuzz::must(call_id.has_value() == is_visible(text), "which Call-IDs are let pass");
  fuzz::must(!detail::is_ordinary_call_id(text) || call_id, "what is taken as ordinary is good");
  if (call_id) fuzz::must(fuzz::same_place(call_id->text, text), "the Call-ID");
  check_number(parse_max_forwards(text), text, 255, false);
  check_number(parse_content_length(text), text, 0xffffffff, false);
  check_number(parse_expires(text), text, 0xffffffff, true);
  return 0;
}
