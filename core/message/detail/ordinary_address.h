// Accelerator of address.rl: the name-addr as nearly all are written, with at most one word or one
// quoted string before it and no white space behind it (RFC 3261 section 20.10):
//
//   "Alice Example" <sip:alice@atlanta.com>;tag=1928301774
//
// Everything else is left to the grammar.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/ordinary_uri.h>
#include <sipring/core/message/detail/raw_parameter.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/header/address.h>

namespace sipring::detail {

// The end of a token or of a quoted string of ASCII without escapes or folds; null when neither
// begins here.
[[nodiscard, gnu::always_inline]] inline const unsigned char* skip_display_name(
    const unsigned char* at, const unsigned char* end, bool wide) {
  if (*at != '"') {
    const unsigned char* const stop = skip<token_octet>(at, end, wide);
    return stop == at ? nullptr : stop;
  }
  const unsigned char* const stop = skip<quoted_ascii_octet>(at + 1, end, wide);
  return stop == end || *stop != '"' ? nullptr : stop + 1;
}

// Between < and >: the URI with its parts, or its text alone. Returns what follows, or null.
template <bool with_parts>
[[nodiscard, gnu::always_inline]] inline const unsigned char* take_bracketed_uri(
    const unsigned char* at, const unsigned char* end, bool wide, Uri& uri) {
  if constexpr (with_parts) {
    return take_uri(at, end, wide, uri);
  } else {
    const unsigned char* const stop = skip<uri_octet>(at, end, wide);
    uri.text = text_from(at, stop);
    return stop == at ? nullptr : stop;
  }
}

// False leaves the value to the grammar; `address` may be half filled then. `take` looks at a
// parameter, as in take_plain_parameters.
template <auto take, bool with_parts>
[[nodiscard, gnu::noinline]] bool take_address(std::string_view value, Address& address) {
  const unsigned char* const first = octets(value.data());
  const unsigned char* const end = first + value.size();
  const bool wide = value.size() >= run_vector;
  const unsigned char* at = first;
  if (at == end) return false;
  if (*at != '<') {
    at = skip_display_name(at, end, wide);
    if (at == nullptr) return false;
    address.display_name = text_from(first, at);
    if (at != end && *at == ' ') ++at;
    if (at == end || *at != '<') return false;
  }
  at = take_bracketed_uri<with_parts>(at + 1, end, wide, address.uri);
  if (at == nullptr || at == end || *at != '>') return false;
  const unsigned char* const parameters = ++at;
  if (at != end && *at == ';') {
    at = take_plain_parameters<take>(address, at + 1, end, wide);
    if (at == nullptr) return false;
    address.parameters = text_from(parameters, at);
  }
  if (at != end && *at != ',') return false;
  address.bracketed = true;
  address.length = static_cast<std::uint32_t>(at - first);
  return true;
}

}  // namespace sipring::detail
