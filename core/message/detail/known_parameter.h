// Parameters that a header field knows: a table of names, and of the rules by which their values go
// into members of the header's struct. All others stay where they are, in its `parameters`.
//
//   constexpr Known<Reason> known[] = {{"cause", number<&Reason::cause>}, ...};
//
// A rule answers false when the value breaks it or the parameter comes twice; the header is as it
// was then.
//
// What tolerant reading does: quotes round a value whose rule has none are taken off and noted. A
// value that breaks its rule all the same is passed over and noted, for by the grammar it is a
// generic-param like those that nobody knows. A parameter that comes twice is an error.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/element.h>
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/detail/parameter_values.h>
#include <sipring/core/message/header/params.h>
#include <sipring/core/message/tolerance.h>

#include <span>
#include <type_traits>

namespace sipring::detail {

// `offset`: of the parameter in the header field's value.
template <class Header>
struct Known {
  std::string_view name;
  bool (*take)(Header& header, const Parameter& given, std::uint32_t offset);
};

[[nodiscard]] inline bool has_value(const Parameter& parameter) {
  return parameter.text.size() != parameter.name.size();
}

// An array of them, whatever its size.
template <class Header>
using KnownParameters = std::type_identity_t<std::span<const Known<Header>>>;

[[nodiscard]] inline bool is_quoted(std::string_view value) {
  return value.size() >= 2 && value.front() == '"';
}
[[nodiscard]] inline std::string_view without_quotes(std::string_view value) {
  return is_quoted(value) ? value.substr(1, value.size() - 2) : value;
}

// Quotes where the rule has none.
template <class Header>
[[nodiscard]] bool take_unquoted(const Known<Header>& rule, Header& header, const Parameter& given,
                                 std::uint32_t offset) {
  if (!is_quoted(given.value)) return false;
  const Parameter bare{given.name, without_quotes(given.value), given.text};
  if (!rule.take(header, bare, offset)) return false;
  header.forgiven.add(Forgiveness::quoted_token, offset);
  return true;
}

template <class Header>
[[nodiscard]] bool take_known(KnownParameters<Header> known, Header& header, const Parameter& given,
                              std::uint32_t offset) {
  for (const Known<Header>& each : known)
    if (equals_ignoring_case(each.name, given.name))
      return each.take(header, given, offset) || take_unquoted(each, header, given, offset);
  return true;
}

// A view that is absent has no data; one that is there may be empty.
inline bool set_once(std::string_view& member, std::string_view value) {
  if (member.data() != nullptr) return false;
  member = value;
  return true;
}

// The rules.

template <auto member, ValueRule rule, class Header>
bool plain_value(Header& header, const Parameter& given, std::uint32_t) {
  return matches(rule, given.value) && set_once(header.*member, given.value);
}
// A token, or what cannot be mistaken for more: odd_parameters.h notes it.
template <auto member, class Header>
bool token_value(Header& header, const Parameter& given, std::uint32_t) {
  return !given.value.empty() && !is_quoted(given.value) && set_once(header.*member, given.value);
}

// A number that does not fit becomes 2^32-1.
template <auto member, class Header>
bool number(Header& header, const Parameter& given, std::uint32_t) {
  if (header.*member) return false;
  header.*member = number_from(given.value);
  return (header.*member).has_value();
}

template <auto member, class Header>
bool qvalue(Header& header, const Parameter& given, std::uint32_t) {
  if (header.*member) return false;
  header.*member = qvalue_from(given.value);
  return (header.*member).has_value();
}

template <auto member, class Header>
bool flag(Header& header, const Parameter&, std::uint32_t) {
  header.*member = true;
  return true;
}

// token or quoted-string: kept without its quotes.
template <auto member, class Header>
bool any_value(Header& header, const Parameter& given, std::uint32_t) {
  return has_value(given) && set_once(header.*member, without_quotes(given.value));
}

// quoted-string: kept without its quotes. A token in its place is forgiven.
template <auto member, class Header>
bool quoted_value(Header& header, const Parameter& given, std::uint32_t offset) {
  if (!has_value(given)) return false;
  if (!is_quoted(given.value)) header.forgiven.add(Forgiveness::unquoted_string, offset);
  return set_once(header.*member, without_quotes(given.value));
}

// The whole.

[[nodiscard]] inline std::unexpected<ParseError> refusal(ParseErrorCode code, std::size_t offset) {
  return std::unexpected(ParseError{code, static_cast<std::uint32_t>(offset)});
}

// Whether one of the same name stands before `given`, which is one of `parameters`.
[[nodiscard]] inline bool is_repeated(std::string_view parameters, const Parameter& given) {
  for (const Parameter& each : Parameters(parameters)) {
    if (each.name.data() == given.name.data()) break;
    if (equals_ignoring_case(each.name, given.name)) return true;
  }
  return false;
}

enum class Malformed : std::uint8_t { refused, passed_over };

// Takes what stands in header.parameters, a part of `value`.
template <class Header>
Parsed<Header>& take_parameters(Parsed<Header>& header, std::string_view value,
                                KnownParameters<Header> known, Malformed malformed) {
  for (const Parameter& each : Parameters(header->parameters)) {
    const auto offset = static_cast<std::uint32_t>(each.name.data() - value.data());
    if (take_known(known, *header, each, offset)) continue;
    if (malformed == Malformed::refused || is_repeated(header->parameters, each)) {
      header = refusal(ParseErrorCode::parameter, offset);
      break;
    }
    header->forgiven.add(Forgiveness::malformed_parameter, offset);
  }
  return header;
}

// The first element of `value`: its head goes to `member`.
template <class Header>
Parsed<Header> read_header(std::string_view value, Head head, std::string_view Header::*member,
                           KnownParameters<Header> known) {
  const Parsed<Element> element = read_element(value, head);
  if (!element) return std::unexpected(element.error());
  Parsed<Header> header;
  (*header).*member = element->head;
  header->parameters = element->parameters;
  header->length = element->length;
  header->forgiven = element->forgiven;
  return take_parameters(header, value, known, Malformed::passed_over);
}

// Of a header field that is no list: nothing follows the first element.
template <class Header>
Parsed<Header> alone(Parsed<Header> header, std::string_view value) {
  if (header && header->length != value.size())
    header = refusal(ParseErrorCode::field_value, header->length);
  return header;
}

// What `text` says when it is one of `words`, compared without case; else `other`.
template <class Word>
struct Spelled {
  std::string_view text;
  Word word;
};
template <class Word, std::size_t size>
[[nodiscard]] constexpr Word word_from(const Spelled<Word> (&words)[size], std::string_view text,
                                       Word other) {
  for (const Spelled<Word>& each : words)
    if (equals_ignoring_case(each.text, text)) return each.word;
  return other;
}

}  // namespace sipring::detail
