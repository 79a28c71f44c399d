// An INVITE's companions: the ACK of a 300 to 699 (RFC 3261 section 17.1.1.3) and its CANCEL
// (section 9.1), as the engine and RequestBuilder write them. Only an ACK has another To, that of
// the response.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/message/message.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring::detail {

inline constexpr std::uint32_t companion_hops = 70;  // of Max-Forwards

// What of it has to be parsed. The top Via alone: those below are of hops before us.
struct CompanionParts {
  Parsed<Via> via;
  Parsed<CSeq> cseq;
};
[[nodiscard]] inline CompanionParts companion_parts(const Message& invite) {
  return {parse_via(invite.first(HeaderId::via).value_or("")),
          parse_cseq(invite.first(HeaderId::cseq).value_or(""))};
}

// Header field by header field to `put`, which has via(text), max_forwards(hops),
// copy(message, index) and cseq(number). An ACK lacks its To.
template <class Put>
void put_companion(Put&& put, Method companion, const Message& invite,
                   const CompanionParts& parts) {
  put.via(parts.via->text);
  put.max_forwards(companion_hops);
  for (std::uint32_t i = 0; i < invite.header_count(); ++i) {
    const HeaderId id = invite.id(i);
    const bool same = id == HeaderId::from || id == HeaderId::call_id || id == HeaderId::route ||
                      (id == HeaderId::to && companion == Method::cancel);
    if (same) put.copy(invite, i);
  }
  put.cseq(parts.cseq->number);
}

}  // namespace sipring::detail
