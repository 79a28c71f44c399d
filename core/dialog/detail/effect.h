// What a response to a request within a dialog does to the dialog: RFC 5057 section 5.1, table 2;
// RFC 3261 section 12.2.1.2.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace sipring {

enum class Effect : std::uint8_t {
  transaction,  // this request only
  usage,        // the usage that the request belongs to
  dialog,       // all of its usages
};

// `integral`: the usage cannot do without the request, as the INVITE's without UPDATE or PRACK; an
// INFO or MESSAGE that is not known ends nothing (note 3). 408 is as if nothing had come (note 4).
// Not for CANCEL: its responses say nothing of the INVITE (note 8).
[[nodiscard]] constexpr Effect effect_of(std::uint16_t status, bool integral) {
  switch (status) {
    case 404:
    case 410:
    case 416:
    case 482:
    case 483:
    case 484:
    case 485:
    case 502:
    case 604: return Effect::dialog;
    case 408:
    case 481: return Effect::usage;
    case 405:
    case 480:
    case 489:
    case 501: return integral ? Effect::usage : Effect::transaction;
    default: return Effect::transaction;
  }
}

}  // namespace sipring
