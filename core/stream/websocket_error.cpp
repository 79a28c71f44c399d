// SPDX-License-Identifier: MIT
#include <sipring/core/stream/websocket_error.h>

#include <utility>

namespace sipring {

std::string_view to_string(FrameError error) {
  using enum FrameError;
  switch (error) {
    case none: return "none";
    case reserved_bits: return "reserved_bits";
    case reserved_opcode: return "reserved_opcode";
    case fragmented_control: return "fragmented_control";
    case control_too_long: return "control_too_long";
    case unmasked: return "unmasked";
    case masked: return "masked";
    case length_not_minimal: return "length_not_minimal";
    case length_negative: return "length_negative";
    case message_too_large: return "message_too_large";
    case nothing_to_continue: return "nothing_to_continue";
    case interrupted: return "interrupted";
    case text_not_utf8: return "text_not_utf8";
    case close_without_whole_status: return "close_without_whole_status";
    case close_status: return "close_status";
    case close_reason_not_utf8: return "close_reason_not_utf8";
  }
  std::unreachable();
}

CloseCode close_code_of(FrameError error) {
  switch (error) {
    case FrameError::none: return CloseCode::normal;
    case FrameError::message_too_large: return CloseCode::too_large;
    case FrameError::text_not_utf8:
    case FrameError::close_reason_not_utf8: return CloseCode::not_utf8;
    default: return CloseCode::protocol_error;
  }
}

// 1004 and 1015 are reserved, too; 1012 to 1014 came into the registry after the RFC.
bool may_be_sent(CloseCode code) {
  const std::uint16_t number = std::to_underlying(code);
  if (number >= 3000) return number <= 4999;
  return (number >= 1000 && number <= 1003) || (number >= 1007 && number <= 1014);
}

}  // namespace sipring
