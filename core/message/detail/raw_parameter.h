// A header parameter while a machine reads it, and comparisons of its name.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/detail/runs.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring::detail {

[[nodiscard]] inline const unsigned char* octets(const char* text) {
  return reinterpret_cast<const unsigned char*>(text);
}

[[nodiscard]] inline std::string_view text_from(const unsigned char* first,
                                                const unsigned char* last) {
  return {reinterpret_cast<const char*>(first), static_cast<std::size_t>(last - first)};
}

// `token` holds token octets only; `lower` is letters in lower case. The caller has compared the
// sizes.
template <std::size_t size>
[[nodiscard]] inline bool same_token(std::string_view token, const char (&lower)[size]) {
  constexpr std::size_t length = size - 1;
  if constexpr (length >= 4 && length <= 8) {
    constexpr std::uint32_t fold = 0x20202020;
    const char* const text = token.data();
    return ((load<std::uint32_t>(text) | fold) ^ load<std::uint32_t>(lower)) == 0 &&
           ((load<std::uint32_t>(text + length - 4) | fold) ^
            load<std::uint32_t>(lower + length - 4)) == 0;
  } else {
    for (std::size_t i = 0; i < length; ++i)
      if ((token[i] | 0x20) != lower[i]) return false;
    return true;
  }
}

// The same of any size.
template <std::size_t size>
[[nodiscard]] inline bool same_token_of(std::string_view token, const char (&lower)[size]) {
  return token.size() == size - 1 && same_token(token, lower);
}

class RawParameter {
 public:
  void begin(const unsigned char* p) { name_ = p, value_ = nullptr; }
  void end_name(const unsigned char* p) { name_end_ = p; }
  void begin_value(const unsigned char* p) { value_ = p; }
  void end_value(const unsigned char* p) { value_end_ = p; }

  // Takes `name` or `name=value` at `at` when both are tokens and ";", "," or the end follows at
  // once; returns what follows, or null to leave it to the grammar. See skip() for `wide`.
  const unsigned char* take_plain(const unsigned char* at, const unsigned char* end, bool wide);

  void clear() { name_ = nullptr; }

  [[nodiscard]] bool empty() const { return name_ == nullptr; }
  [[nodiscard]] bool has_value() const { return value_ != nullptr; }
  [[nodiscard]] const unsigned char* at() const { return name_; }
  [[nodiscard]] std::string_view name() const { return text_from(name_, name_end_); }
  // Empty when there is none. A quoted value keeps its quotes.
  [[nodiscard]] std::string_view value() const {
    return value_ == nullptr ? std::string_view{} : text_from(value_, value_end_);
  }
  // Whether note_odd_parameters() may find something: the value is neither quoted nor a token.
  [[nodiscard]] bool is_odd() const {
    if (value_ == nullptr || (value_ != value_end_ && *value_ == '"')) return false;
    return value_ == value_end_ || !is_all<token_octet>(value());
  }
  // The name and, where there is one, the value.
  [[nodiscard]] std::string_view text() const {
    return text_from(name_, value_ == nullptr ? name_end_ : value_end_);
  }

 private:
  const unsigned char* name_ = nullptr;
  const unsigned char* name_end_ = nullptr;
  const unsigned char* value_ = nullptr;
  const unsigned char* value_end_ = nullptr;
};

[[gnu::always_inline]] inline const unsigned char* RawParameter::take_plain(
    const unsigned char* at, const unsigned char* end, bool wide) {
  const unsigned char* const name_end = skip<token_octet>(at, end, wide);
  const unsigned char* value = nullptr;
  const unsigned char* stop = name_end;
  if (stop != end && *stop == '=') {
    value = stop + 1;
    stop = skip<token_octet>(value, end, wide);
  }
  if (name_end == at || stop == value) return nullptr;
  if (stop != end && *stop != ';' && *stop != ',') return nullptr;
  name_ = at, name_end_ = name_end, value_ = value, value_end_ = stop;
  return stop;
}

// Takes parameters one after the other as long as they are plain and `take` accepts them; returns
// what follows, or null when there was none. `at` follows a ";". What `take` refuses is left to the
// grammar, which may find an earlier mistake. Out of line, because the loop would spill all its
// registers inside a machine.
template <auto take, class Header>
[[gnu::noinline]] const unsigned char* take_plain_parameters(Header& header,
                                                             const unsigned char* at,
                                                             const unsigned char* end, bool wide) {
  const unsigned char* taken = nullptr;
  for (;; ++at) {
    RawParameter parameter;
    const unsigned char* const next = parameter.take_plain(at, end, wide);
    if (next == nullptr || !take(header, parameter)) return taken;
    taken = next;
    if (next == end || *next == ',') return taken;
    at = next;
  }
}

// Without the white space and folds at its end.
[[nodiscard]] inline const unsigned char* trim_end(const unsigned char* first,
                                                   const unsigned char* last) {
  while (last != first &&
         (last[-1] == ' ' || last[-1] == '\t' || last[-1] == '\r' || last[-1] == '\n'))
    --last;
  return last;
}

}  // namespace sipring::detail
