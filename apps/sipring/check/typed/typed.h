// How the values of header fields become names and texts: what the tables of this folder share. A
// value that cannot be read, or says nothing but what is written, has no typed values;
// core/message/header/registry.h says what is wrong with it.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/explanation.h>

#include <sipring/core/message/elements.h>
#include <sipring/core/message/names.h>
#include <sipring/core/message/uri.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sipring::app::typed {

using Elements = std::vector<TypedValue>;

struct Row {
  HeaderId id;
  Elements (*type)(std::string_view value);
};

std::span<const Row> addresses();
std::span<const Row> diversions();
std::span<const Row> vias();
std::span<const Row> media();
std::span<const Row> events();
std::span<const Row> authentication();
std::span<const Row> dialogs();
std::span<const Row> preferences();
std::span<const Row> networks();
std::span<const Row> numbers();
std::span<const Row> words();

// Of a header field without an id: Diversion, Proxy-Authentication-Info.
Elements diversion(std::string_view value);
Elements authentication_info(std::string_view value);

// What is empty, zero or absent is left out.
inline void put(TypedValue& typed, const char* name, std::string_view value) {
  if (!value.empty()) typed.emplace_back(name, value);
}
inline void put(TypedValue& typed, const char* name, std::uint64_t number) {
  if (number != 0) typed.emplace_back(name, std::to_string(number));
}
inline void put(TypedValue& typed, const char* name, const std::optional<std::uint32_t>& number) {
  if (number) typed.emplace_back(name, std::to_string(*number));
}
inline void put_flag(TypedValue& typed, const char* name, bool flag) {
  if (flag) typed.emplace_back(name, "yes");
}
// "0.7"
void put_quality(TypedValue& typed, std::uint16_t thousandths);
// By its parts, those of a tel URI too.
void put_uri(TypedValue& typed, const Uri& uri);

// The value as a whole; `type` makes a TypedValue of what `parse` gives.
template <auto parse, auto type>
Elements one(std::string_view value) {
  const auto parsed = parse(value);
  if (!parsed) return {};
  TypedValue typed = type(*parsed);
  if (typed.empty()) return {};
  return {std::move(typed)};
}

// Each element up to the first mistake.
template <auto parse, auto type>
Elements list(std::string_view value) {
  Elements all;
  for (const auto& element : elements<parse>(value)) {
    if (!element) break;
    TypedValue typed = type(*element);
    if (!typed.empty()) all.push_back(std::move(typed));
  }
  return all;
}

}  // namespace sipring::app::typed
