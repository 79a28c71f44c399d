// SPDX-License-Identifier: MIT
#include <sipring/core/call/output.h>

namespace sipring {

std::string_view to_string(EndedBy by) {
  switch (by) {
    case EndedBy::local: return "local";
    case EndedBy::remote: return "remote";
    case EndedBy::refused: return "refused";
    case EndedBy::timed_out: return "timed_out";
    case EndedBy::lost: return "lost";
    case EndedBy::unacknowledged: return "unacknowledged";
    case EndedBy::undescribed: return "undescribed";
    case EndedBy::expired: return "expired";
    case EndedBy::no_room: return "no_room";
  }
  return "";
}

}  // namespace sipring
