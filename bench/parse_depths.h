// The depths at which parsing is measured, and messages with the padding that the parser needs.
//
// frame: start line, header names and boundaries, body. transaction: frame and what matching
// needs: top Via, From, To, Call-ID, CSeq, Request-URI. full: transaction and every Via, every
// address with its URI and parameters, Max-Forwards, Content-Length. typed: frame and every header
// field that there is a parser for (typed_headers.h).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/parser.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "typed_headers.h"

namespace sipring::bench {

inline constexpr std::array message_names{"1_invite_rfc", "2_invite_carrier", "3_200ok",
                                          "4_options", "5_register_auth"};
inline constexpr std::array depth_names{"frame", "transaction", "full", "typed"};
enum class Depth : std::uint8_t { frame, transaction, full, typed };

// Octets with readable_padding behind them.
class PaddedText {
 public:
  explicit PaddedText(std::string_view text) : size_{text.size()}, octets_{text} {
    octets_.append(readable_padding, '\0');
  }
  [[nodiscard]] std::string_view view() const { return std::string_view{octets_}.substr(0, size_); }

 private:
  std::size_t size_;
  std::string octets_;
};

inline PaddedText read_message(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return PaddedText{std::string{std::istreambuf_iterator<char>{file}, {}}};
}

inline bool read_transaction(const Message& message) {
  const auto via = message.first(HeaderId::via);
  const auto from = message.first(HeaderId::from);
  const auto to = message.first(HeaderId::to);
  const auto call_id = message.first(HeaderId::call_id);
  const auto cseq = message.first(HeaderId::cseq);
  if (!via || !from || !to || !call_id || !cseq) return false;
  return parse_via(*via) && parse_address_without_uri(*from) && parse_address_without_uri(*to) &&
         parse_call_id(*call_id) && parse_cseq(*cseq) &&
         message.is_request() != message.request_uri().empty();
}

inline bool read_vias(const Message& message) {
  for (const HeaderField field : message.each(HeaderId::via))
    for (std::string_view rest = field.value;;) {
      const Parsed<Via> via = parse_via(rest);
      if (!via) return false;
      if (via->length == rest.size()) break;
      rest.remove_prefix(via->length + 1);
    }
  return true;
}

inline bool read_addresses(const Message& message, HeaderId id) {
  for (const HeaderField field : message.each(id))
    for (std::string_view rest = field.value;;) {
      const Parsed<Address> address = parse_address(rest);
      if (!address) return false;
      if (address->length == rest.size()) break;
      rest.remove_prefix(address->length + 1);
    }
  return true;
}

inline bool read_full(const Message& message) {
  const auto call_id = message.first(HeaderId::call_id);
  const auto cseq = message.first(HeaderId::cseq);
  const auto max_forwards = message.first(HeaderId::max_forwards);
  const auto content_length = message.first(HeaderId::content_length);
  for (const HeaderId id :
       {HeaderId::from, HeaderId::to, HeaderId::contact, HeaderId::route, HeaderId::record_route})
    if (!read_addresses(message, id)) return false;
  return read_vias(message) && call_id && parse_call_id(*call_id) && cseq && parse_cseq(*cseq) &&
         (!message.is_request() || parse_uri(message.request_uri())) &&
         (!max_forwards || parse_max_forwards(*max_forwards)) &&
         (!content_length || parse_content_length(*content_length));
}

// False when anything that was read is malformed: a figure for a failure would be worthless.
inline bool read_at(Depth depth, std::string_view bytes, Message& message) {
  if (!parse(bytes, message)) return false;
  switch (depth) {
    case Depth::frame: return true;
    case Depth::transaction: return read_transaction(message);
    case Depth::full: return read_full(message);
    case Depth::typed: return read_typed(message);
  }
  return false;
}

}  // namespace sipring::bench
