// Reads the whole value of a header field, all its elements, and says what is wrong with it and
// what is forgiven: header/registry.cpp has a row for each kind.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/host.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/contact.h>
#include <sipring/core/message/header/identity.h>
#include <sipring/core/message/header/product.h>
#include <sipring/core/message/header/registry.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sipring::detail {

// Machines look at the octets of a host only: it is rarely anything else than a name or an address.
inline void note_host(Forgiven& forgiven, std::string_view host, std::string_view text) {
  if (!is_grammatical_host(host))
    forgiven.add(Forgiveness::loose_host, static_cast<std::size_t>(host.data() - text.data()));
}

// `value` is read from `text`, its offsets are from `offset` on.
template <class Value>
void add_forgiven(Forgiven& forgiven, const Value& value, std::string_view text,
                  std::size_t offset) {
  if constexpr (requires { value.forgiven; }) forgiven.add(value.forgiven, offset);
  if constexpr (requires { value.uri.host; })
    note_host(forgiven, value.uri.host, text);
  else if constexpr (requires { value.host; })
    note_host(forgiven, value.host, text);
}

// The value is one element: a comma behind it would make it two.
template <auto parse_value>
HeaderVerdict read_one(std::string_view value) {
  const auto parsed = parse_value(value);
  if (!parsed) return {parsed.error(), {}};
  HeaderVerdict verdict;
  if constexpr (requires { parsed->length; })
    if (parsed->length < value.size())
      verdict.error = {ParseErrorCode::repeated_header, parsed->length};
  add_forgiven(verdict.forgiven, *parsed, value, 0);
  return verdict;
}

template <auto parse_element>
HeaderVerdict read_list(std::string_view value) {
  HeaderVerdict verdict;
  const Elements<parse_element> all(value);
  auto element = all.begin();
  for (; element != all.end(); ++element) {
    if (!*element) return {element->error(), verdict.forgiven};
    add_forgiven(verdict.forgiven, **element, value, element.offset());
  }
  verdict.forgiven.add(element.forgiven(), 0);
  return verdict;
}

// Of a list that may be empty (elements.h).
template <auto parse_element>
HeaderVerdict read_list_or_nothing(std::string_view value) {
  return value.empty() ? HeaderVerdict{} : read_list<parse_element>(value);
}

// Of a list that may not be empty and is: it says nothing.
template <auto parse_element>
HeaderVerdict read_list_or_empty(std::string_view value) {
  if (!value.empty()) return read_list<parse_element>(value);
  HeaderVerdict verdict;
  verdict.forgiven.add(Forgiveness::empty_element, 0);
  return verdict;
}

// delta-seconds (RFC 3261 section 20.19): what does not fit into 32 bits is read as what does.
template <auto parse_seconds>
HeaderVerdict seconds(std::string_view value) {
  HeaderVerdict verdict = read_one<parse_seconds>(value);
  const std::string_view digits =
      value.substr(std::min(value.find_first_not_of('0'), value.size()));
  constexpr std::string_view most = "4294967295";
  const bool fits = digits.size() < most.size() || (digits.size() == most.size() && digits <= most);
  if (verdict.error.code == ParseErrorCode::none && !fits)
    verdict.forgiven.add(Forgiveness::number_too_large, 0);
  return verdict;
}

inline HeaderVerdict contacts(std::string_view value) {
  return is_wildcard(value) ? HeaderVerdict{} : read_list<parse_contact>(value);
}

// One sip or sips URI and one tel URI (RFC 3325 section 9.1). What a second header field adds is
// seen by asserted_identity().
inline HeaderVerdict identities(std::string_view value) {
  HeaderVerdict verdict = read_list<parse_address>(value);
  bool has_sip = false, has_tel = false;
  const auto all = elements<parse_address>(value);
  for (auto element = all.begin(); element != all.end() && *element; ++element) {
    const Uri& uri = (*element)->uri;
    const bool is_tel = uri.scheme == Uri::Scheme::tel;
    if ((!is_tel && !is_sip(uri)) || std::exchange(is_tel ? has_tel : has_sip, true))
      verdict.forgiven.add(Forgiveness::surplus_identity, element.offset());
  }
  return verdict;
}

// RFC 8224 section 4. A digest and nothing else is RFC 4474's (section 9), with quotes round it or,
// as in RFC 4475 section 3.1.1.11, without: its info has a header field of its own, Identity-Info.
inline HeaderVerdict identity(std::string_view value) {
  const HeaderVerdict verdict = read_one<parse_identity>(value);
  std::string_view digest = value;
  if (digest.size() > 1 && digest.front() == '"' && digest.back() == '"')
    digest = digest.substr(1, digest.size() - 2);
  const Parsed<Identity> alone = parse_identity(digest);
  const bool is_older = !alone && alone.error().code == ParseErrorCode::missing_parameter &&
                        digest.find(';') == digest.npos;
  return is_older ? HeaderVerdict{} : verdict;
}

inline HeaderVerdict products(std::string_view value) {
  for (std::string_view rest = value;;) {
    const Parsed<Product> product = parse_product(rest);
    const auto offset = static_cast<std::uint32_t>(value.size() - rest.size());
    if (!product) return {{product.error().code, offset + product.error().offset}, {}};
    rest.remove_prefix(product->length);
    if (rest.empty()) return {};
  }
}

}  // namespace sipring::detail
