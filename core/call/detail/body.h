// The session description in a message, and what a UAS says to a body that it does not understand:
// RFC 3261 sections 8.2.3, 20.11; RFC 5621 section 4.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace sipring {

struct ReadBody {
  std::string_view description = {};  // empty: none
  std::uint16_t refusal = 0;          // 400 or 415; 0: nothing speaks against it
  std::string_view reason = {};       // of a 400
  bool encoded = false;               // 415 for the encoding, not for the type
};

// A view into the message. `understood`: media types beside application/sdp, without parameters,
// that are somebody else's to read.
[[nodiscard]] ReadBody read_body(const Message& message,
                                 std::span<const std::string_view> understood = {});

}  // namespace sipring
