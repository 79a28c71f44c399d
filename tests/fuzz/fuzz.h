// What the targets share: a fact that must hold, and inputs as texts of exactly their size, so that
// a sanitizer sees every octet read beyond them.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace sipring::fuzz {

inline void must(bool fact, std::string_view what) {
  if (fact) return;
  std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// A view that was handed out lies inside the text.
inline bool is_inside(std::string_view part, std::string_view text) {
  return part.empty() ||
         (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
}

inline bool same_place(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || a.data() == b.data());
}

// Both failed in the same way at an octet of the text, or both succeeded.
template <class T>
bool same_outcome(const Parsed<T>& a, const Parsed<T>& b, std::string_view text) {
  if (a.has_value() != b.has_value()) return false;
  return a.has_value() || (a.error() == b.error() && a.error().offset <= text.size());
}

}  // namespace sipring::fuzz
