// SPDX-License-Identifier: MIT
#include <sipring/core/message/envelope.h>

#include <sipring/core/message/detail/ordinary.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/values.h>

namespace sipring {
namespace {

using Outcome = std::expected<void, EnvelopeError>;

std::unexpected<EnvelopeError> fail(HeaderId header, ParseError error) {
  return std::unexpected(EnvelopeError{header, error});
}

// The value of a header field that must be there, and only once unless it is a Via, for `take`.
template <class Take>
Outcome read(const Message& message, HeaderId id, Take&& take) {
  const auto [index, repeated] = message.find_only(id);
  if (index == message.header_count()) return fail(id, {ParseErrorCode::missing_header, 0});
  if (repeated && id != HeaderId::via) return fail(id, {ParseErrorCode::repeated_header, 0});
  return take(message.header(index).value);
}

Outcome read_tag(const Message& message, HeaderId id, std::string_view& tag) {
  return read(message, id, [&](std::string_view value) -> Outcome {
    if (detail::take_ordinary_tag(value, tag)) return {};
    const Parsed<Address> address = parse_address_without_uri(value);
    tag = address ? address->tag : std::string_view{};
    if (!address) return fail(id, address.error());
    if (address->length != value.size())
      return fail(id, {ParseErrorCode::repeated_header, address->length});
    return {};
  });
}

template <class T>
Outcome take(HeaderId id, const Parsed<T>& parsed, T& to) {
  if (!parsed) return fail(id, parsed.error());
  to = *parsed;
  return {};
}

}  // namespace

std::expected<void, EnvelopeError> read_top_via(const Message& message, Envelope& envelope) {
  return read(message, HeaderId::via, [&](std::string_view value) -> Outcome {
    if (detail::take_ordinary_via(value, envelope.via)) return {};
    envelope.via = {};
    return take(HeaderId::via, parse_via(value), envelope.via);
  });
}

std::expected<void, EnvelopeError> read_rest(const Message& message, Envelope& envelope) {
  Outcome outcome = read(message, HeaderId::cseq, [&](std::string_view value) {
    return take(HeaderId::cseq, parse_cseq(value), envelope.cseq);
  });
  if (outcome) {
    outcome = read(message, HeaderId::call_id, [&](std::string_view value) -> Outcome {
      if (detail::is_ordinary_call_id(value)) {
        envelope.call_id = value;
        return {};
      }
      return take(HeaderId::call_id, parse_call_id(value), envelope.call_id);
    });
  }
  if (outcome) outcome = read_tag(message, HeaderId::from, envelope.from_tag);
  if (outcome) outcome = read_tag(message, HeaderId::to, envelope.to_tag);
  return outcome;
}

}  // namespace sipring
