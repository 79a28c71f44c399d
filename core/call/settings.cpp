// SPDX-License-Identifier: MIT
#include <sipring/core/call/settings.h>

namespace sipring {

std::string_view to_string(CallError error) {
  switch (error) {
    case CallError::stale_call: return "stale_call";
    case CallError::wrong_state: return "wrong_state";
    case CallError::wrong_status: return "wrong_status";
    case CallError::offer_pending: return "offer_pending";
    case CallError::missing_description: return "missing_description";
    case CallError::no_room: return "no_room";
    case CallError::unwritable: return "unwritable";
    case CallError::too_large: return "too_large";
    case CallError::leaving: return "leaving";
    case CallError::overloaded_peer: return "overloaded_peer";
  }
  return "";
}

}  // namespace sipring
