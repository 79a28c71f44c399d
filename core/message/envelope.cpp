// SPDX-License-Identifier: MIT
#include <sipring/core/message/envelope.h>

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/values.h>

namespace sipring {
namespace {

using Outcome = std::expected<void, EnvelopeError>;

std::unexpected<EnvelopeError> fail(HeaderId header, ParseError error) {
  return std::unexpected(EnvelopeError{header, error});
}

// The value of a header field that must be there, and only once unless it is a Via.
std::expected<std::string_view, EnvelopeError> value_of(const Message& message, HeaderId id) {
  const auto [index, repeated] = message.find_only(id);
  if (index == message.header_count()) return fail(id, {ParseErrorCode::missing_header, 0});
  if (repeated && id != HeaderId::via) return fail(id, {ParseErrorCode::repeated_header, 0});
  return message.header(index).value;
}

template <auto parse_value>
Outcome read(const Message& message, HeaderId id, auto&& take) {
  const auto value = value_of(message, id);
  if (!value) return std::unexpected(value.error());
  const auto parsed = parse_value(*value);
  if (!parsed) return fail(id, parsed.error());
  take(*parsed);
  return {};
}

Outcome read_tag(const Message& message, HeaderId id, std::string_view& tag) {
  const auto value = value_of(message, id);
  if (!value) return std::unexpected(value.error());
  const Parsed<Address> address = parse_address_without_uri(*value);
  if (!address) return fail(id, address.error());
  if (address->length != value->size())
    return fail(id, {ParseErrorCode::repeated_header, address->length});
  tag = address->tag;
  return {};
}

}  // namespace

std::expected<void, EnvelopeError> read_top_via(const Message& message, Envelope& envelope) {
  return read<parse_via>(message, HeaderId::via, [&](const Via& via) { envelope.via = via; });
}

std::expected<void, EnvelopeError> read_rest(const Message& message, Envelope& envelope) {
  Outcome outcome =
      read<parse_cseq>(message, HeaderId::cseq, [&](const CSeq& cseq) { envelope.cseq = cseq; });
  if (outcome) {
    outcome = read<parse_call_id>(message, HeaderId::call_id,
                                  [&](std::string_view id) { envelope.call_id = id; });
  }
  if (outcome) outcome = read_tag(message, HeaderId::from, envelope.from_tag);
  if (outcome) outcome = read_tag(message, HeaderId::to, envelope.to_tag);
  return outcome;
}

}  // namespace sipring
