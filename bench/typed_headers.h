// Which parser reads which header field, at depth "full" (what a proxy or a dialog needs) and at
// depth "typed" (every header field for which there is a parser). A new parser is a new line in
// `typed_headers`.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/message.h>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace sipring::bench {

using ReadValue = bool (*)(std::string_view value);  // false: malformed

template <auto parse_value>
bool read_value(std::string_view value) {
  return parse_value(value).has_value();
}
// elements() would do, but for its copy of each element.
template <auto parse_element>
bool read_list(std::string_view value) {
  for (;;) {
    const auto element = parse_element(value);
    if (!element) return false;
    if (element->length == value.size()) return true;
    value.remove_prefix(element->length + 1);
  }
}
inline bool read_contact(std::string_view value) {
  return is_wildcard(value) || read_list<parse_address>(value);
}

struct TypedHeader {
  HeaderId id;
  ReadValue read;
};
inline constexpr TypedHeader full_headers[] = {
    {HeaderId::via, read_list<parse_via>},
    {HeaderId::from, read_value<parse_address>},
    {HeaderId::to, read_value<parse_address>},
    {HeaderId::contact, read_contact},
    {HeaderId::route, read_list<parse_address>},
    {HeaderId::record_route, read_list<parse_address>},
    {HeaderId::call_id, read_value<parse_call_id>},
    {HeaderId::cseq, read_value<parse_cseq>},
    {HeaderId::max_forwards, read_value<parse_max_forwards>},
    {HeaderId::content_length, read_value<parse_content_length>},
};
// Besides those.
inline constexpr TypedHeader typed_headers[] = {
    {HeaderId::path, read_list<parse_address>},
    {HeaderId::service_route, read_list<parse_address>},
    {HeaderId::p_asserted_identity, read_list<parse_address>},
    {HeaderId::p_preferred_identity, read_list<parse_address>},
    {HeaderId::reply_to, read_value<parse_address>},
    {HeaderId::refer_to, read_value<parse_address>},
    {HeaderId::referred_by, read_value<parse_address>},
    {HeaderId::expires, read_value<parse_expires>},
    {HeaderId::min_expires, read_value<parse_expires>},
};

using Readers = std::array<ReadValue, 256>;  // by HeaderId; null: left as it is

consteval Readers readers_of(std::span<const TypedHeader> some, std::span<const TypedHeader> more) {
  Readers readers{};
  for (const TypedHeader& header : some) readers[std::to_underlying(header.id)] = header.read;
  for (const TypedHeader& header : more) readers[std::to_underlying(header.id)] = header.read;
  return readers;
}
inline constexpr Readers full_readers = readers_of(full_headers, {});
inline constexpr Readers typed_readers = readers_of(full_headers, typed_headers);

// The Request-URI and every header field that has a reader, in the order of the message.
inline bool read_headers(const Message& message, const Readers& readers) {
  for (std::uint32_t i = 0; i < message.header_count(); ++i) {
    const ReadValue read = readers[std::to_underlying(message.id(i))];
    if (read != nullptr && !read(message.header(i).value)) return false;
  }
  return !message.is_request() || parse_uri(message.request_uri());
}

}  // namespace sipring::bench
