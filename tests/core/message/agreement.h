// The three readers of a message held against each other: accelerated, plain grammar, splitter.
// Used by the tests and by the fuzz target, so it answers with a text and needs no GoogleTest.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/plain.h>
#include <sipring/core/message/parser.h>

#include <memory_resource>
#include <string>
#include <string_view>

#include "tests/core/message/splitter.h"

namespace sipring::testing {

inline constexpr std::uint32_t max_headers = 24;  // few, so that corpora reach the limit

inline std::string text_of(ParseError error) {
  return std::string{to_string(error.code)} + "@" + std::to_string(error.offset);
}

// Two views must be the same octets in the same place, unless both are empty.
inline bool same_place(std::string_view a, std::string_view b) {
  return a == b && (a.empty() || a.data() == b.data());
}

inline HeaderId slow_header_id(std::string_view name) {
  for (int id = 1; !to_string(static_cast<HeaderId>(id)).empty() || id == 1; ++id) {
    const std::string_view known = to_string(static_cast<HeaderId>(id));
    const auto lower = [](char octet) { return std::tolower(static_cast<unsigned char>(octet)); };
    bool same = known.size() == name.size();
    for (std::size_t i = 0; same && i < name.size(); ++i) same = lower(known[i]) == lower(name[i]);
    const auto compact = compact_form(static_cast<HeaderId>(id));
    if (same || (compact && name.size() == 1 && lower(name[0]) == *compact))
      return static_cast<HeaderId>(id);
    if (static_cast<HeaderId>(id) == HeaderId::www_authenticate) break;  // the last of names.def
  }
  return HeaderId::extension;
}

// Empty when `result` and `message` are what the splitter read.
inline std::string difference(const SplitMessage& split, const Parsed<void>& result,
                              const Message& message) {
  const ParseError error = result ? ParseError{} : result.error();
  if (error != split.error)
    return text_of(error) + " but the splitter says " + text_of(split.error);
  if (!same_place(message.method_name(), split.method)) return "method";
  if (message.method() != method_from(split.method)) return "method id";
  if (!same_place(message.request_uri(), split.request_uri)) return "request_uri";
  if (message.status() != split.status) return "status";
  if (!same_place(message.reason(), split.reason)) return "reason";
  if (message.header_count() != split.headers.size()) return "header_count";
  for (std::uint32_t i = 0; i < message.header_count(); ++i) {
    const HeaderField field = message.header(i);
    if (!same_place(field.name, split.headers[i].name))
      return "name of header " + std::to_string(i);
    if (!same_place(field.value, split.headers[i].value))
      return "value of header " + std::to_string(i);
    if (field.id != slow_header_id(field.name)) return "id of header " + std::to_string(i);
  }
  if (result && !same_place(message.body(), split.body)) return "body";
  if (message.forgiven() != split.forgiven) return "forgiven";
  return {};
}

// Strict reading accepts what tolerant reading accepts without a note, and nothing else.
inline bool strict_is_stricter(const Parsed<void>& result, const Message& message) {
  const Parsed<void> strict = strictly(result, message);
  if (!result) return strict == result;
  return strict.has_value() == message.forgiven().empty();
}

// Empty when all three agree. readable_padding octets are readable behind `bytes`.
inline std::string disagreement(std::string_view bytes, Message& message) {
  const SplitMessage split = Splitter{bytes, max_headers}.split();
  Parsed<void> result = parse(bytes, message);
  if (const std::string found = difference(split, result, message); !found.empty())
    return "accelerated: " + found;
  if (!strict_is_stricter(result, message)) return "strict";
  result = detail::parse_plain(bytes, message);
  if (const std::string found = difference(split, result, message); !found.empty())
    return "plain: " + found;
  return {};
}

}  // namespace sipring::testing
