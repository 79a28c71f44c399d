// SPDX-License-Identifier: MIT
#include <sipring/core/message/envelope.h>

#include <sipring/core/message/header/values.h>

namespace sipring {
namespace {

using Outcome = std::expected<void, EnvelopeError>;

Outcome fail(HeaderId header, ParseError error) {
  return std::unexpected(EnvelopeError{header, error});
}

template <class T>
Outcome read(const Message& message, HeaderId id, Parsed<T> (*parse_value)(std::string_view),
             T& into) {
  const std::uint32_t index = message.find(id);
  if (index == message.header_count()) return fail(id, {ParseErrorCode::missing_header, 0});
  const bool repeated = message.find(id, index + 1) != message.header_count();
  if (repeated && id != HeaderId::via) return fail(id, {ParseErrorCode::repeated_header, 0});
  Parsed<T> parsed = parse_value(message.header(index).value);
  if (!parsed) return fail(id, parsed.error());
  into = *parsed;
  return {};
}

}  // namespace

std::expected<void, EnvelopeError> read_envelope(const Message& message, Envelope& envelope) {
  Outcome outcome = read(message, HeaderId::via, parse_via, envelope.via);
  if (outcome) outcome = read(message, HeaderId::cseq, parse_cseq, envelope.cseq);
  if (outcome) outcome = read(message, HeaderId::call_id, parse_call_id, envelope.call_id);
  if (outcome) outcome = read(message, HeaderId::from, parse_address_without_uri, envelope.from);
  if (outcome) outcome = read(message, HeaderId::to, parse_address_without_uri, envelope.to);
  return outcome;
}

}  // namespace sipring
