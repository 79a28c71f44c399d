// What every request is asked before its method is looked at, in the order of RFC 3261 section 8.2:
// method, Request-URI, Require, content.
// SPDX-License-Identifier: MIT
#pragma once

#include <answer/capabilities.h>

#include <sipring/core/message/message.h>
#include <sipring/core/message/uri.h>
#include <sipring/core/message/writer.h>
#include <sipring/pools/fixed_text.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::app {

struct Rejection {
  std::uint16_t status = 400;
  std::string_view reason;            // empty: the standard phrase
  std::array<HeaderLine, 2> headers;  // views into `text`, or constants
  std::size_t header_count = 0;

  [[nodiscard]] Response response() const {
    return {.status = status,
            .reason = reason,
            .to_tag = {},
            .headers = std::span(headers).first(header_count),
            .body = {}};
  }
};

// `text` keeps what the refusal's header fields say. Where there are dialogs, calls judge
// extensions and content of an INVITE or UPDATE themselves.
[[nodiscard]] std::optional<Rejection> refuse(const Message& request, const Uri& request_uri,
                                              const AnswerAbilities& abilities,
                                              FixedText<1024>& text);

// The session description of a request; empty when it has none.
[[nodiscard]] std::string_view session_description(const Message& request);

}  // namespace sipring::app
