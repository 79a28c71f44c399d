// Depth "typed": every header field for which there is a parser, each read by it. A new parser is a
// new line in `typed_headers`.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/message.h>

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace sipring::bench {

using ReadValue = bool (*)(std::string_view value);  // false: malformed

template <auto parse_value>
bool read_value(std::string_view value) {
  return parse_value(value).has_value();
}
template <auto parse_element>
bool read_list(std::string_view value) {
  for (const auto& element : elements<parse_element>(value))
    if (!element) return false;
  return true;
}
inline bool read_contact(std::string_view value) {
  return is_wildcard(value) || read_list<parse_address>(value);
}

struct TypedHeader {
  HeaderId id;
  ReadValue read;
};
inline constexpr std::array typed_headers{
    TypedHeader{HeaderId::via, read_list<parse_via>},
    TypedHeader{HeaderId::from, read_value<parse_address>},
    TypedHeader{HeaderId::to, read_value<parse_address>},
    TypedHeader{HeaderId::contact, read_contact},
    TypedHeader{HeaderId::route, read_list<parse_address>},
    TypedHeader{HeaderId::record_route, read_list<parse_address>},
    TypedHeader{HeaderId::path, read_list<parse_address>},
    TypedHeader{HeaderId::service_route, read_list<parse_address>},
    TypedHeader{HeaderId::p_asserted_identity, read_list<parse_address>},
    TypedHeader{HeaderId::p_preferred_identity, read_list<parse_address>},
    TypedHeader{HeaderId::reply_to, read_value<parse_address>},
    TypedHeader{HeaderId::refer_to, read_value<parse_address>},
    TypedHeader{HeaderId::referred_by, read_value<parse_address>},
    TypedHeader{HeaderId::call_id, read_value<parse_call_id>},
    TypedHeader{HeaderId::cseq, read_value<parse_cseq>},
    TypedHeader{HeaderId::max_forwards, read_value<parse_max_forwards>},
    TypedHeader{HeaderId::content_length, read_value<parse_content_length>},
    TypedHeader{HeaderId::expires, read_value<parse_expires>},
    TypedHeader{HeaderId::min_expires, read_value<parse_expires>},
};

inline constexpr std::array<ReadValue, 256> reader_of_header = [] {
  std::array<ReadValue, 256> readers{};
  for (const TypedHeader& header : typed_headers)
    readers[std::to_underlying(header.id)] = header.read;
  return readers;
}();

inline bool read_typed(const Message& message) {
  for (std::uint32_t i = 0; i < message.header_count(); ++i) {
    const HeaderField field = message.header(i);
    const ReadValue read = reader_of_header[std::to_underlying(field.id)];
    if (read != nullptr && !read(field.value)) return false;
  }
  return !message.is_request() || parse_uri(message.request_uri());
}

}  // namespace sipring::bench
