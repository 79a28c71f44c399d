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

// False when anything that was read is malformed: a figure for a failure would be worthless.
inline bool read_at(Depth depth, std::string_view bytes, Message& message) {
  if (!parse(bytes, message)) return false;
  switch (depth) {
    case Depth::frame: return true;
    case Depth::transaction: return read_transaction(message);
    case Depth::full: return read_headers(message, full_readers);
    case Depth::typed: return read_headers(message, typed_readers);
  }
  return false;
}

}  // namespace sipring::bench
