// Why a WebSocket frame is refused, and the numbers with which a connection says why it closes
// (RFC 6455 sections 5 and 7.4).
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace sipring {

// RFC 6455 section 7.4.1 and the registry that it begins. Other numbers are 3000 to 4999.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  no_status = 1005,  // a Close frame without one; never sent
  abnormal = 1006,   // no Close frame at all; never sent
  not_utf8 = 1007,
  policy = 1008,
  too_large = 1009,
  internal_error = 1011,
  try_again_later = 1013,
};

// The enumerator names the rule that was broken.
enum class FrameError : std::uint8_t {
  none,
  reserved_bits,               // RSV without an extension (section 5.2)
  reserved_opcode,             // 3 to 7, 11 to 15 (section 5.2)
  fragmented_control,          // a control frame that is not final (section 5.5)
  control_too_long,            // a control frame with more than 125 octets (section 5.5)
  unmasked,                    // from a client (section 5.1)
  masked,                      // from a server (section 5.1)
  length_not_minimal,          // (section 5.2)
  length_negative,             // the highest bit of a 64-bit length (section 5.2)
  message_too_large,           // above our limit (section 10.4)
  nothing_to_continue,         // a continuation without a first fragment (section 5.4)
  interrupted,                 // a new message between the fragments of another (section 5.4)
  text_not_utf8,               // (section 8.1)
  close_without_whole_status,  // a Close with one octet (section 5.5.1)
  close_status,                // a number that is not to be sent (section 7.4)
  close_reason_not_utf8,       // (section 5.5.1)
};

[[nodiscard]] std::string_view to_string(FrameError error);  // "reserved_bits"
// With which number a connection is failed (section 7.1.7).
[[nodiscard]] CloseCode close_code_of(FrameError error);
// Whether a Close frame may have it (section 7.4.2).
[[nodiscard]] bool may_be_sent(CloseCode code);

}  // namespace sipring
