// SPDX-License-Identifier: MIT
#include <sipring/core/dialog/detail/machine.h>

namespace sipring {

static_assert(enumerators<DialogState> == static_cast<std::size_t>(DialogState::ended) + 1);
static_assert(enumerators<DialogEvent> == static_cast<std::size_t>(DialogEvent::gone) + 1);

std::string_view to_string(DialogState state) {
  switch (state) {
    case DialogState::early: return "early";
    case DialogState::confirmed: return "confirmed";
    case DialogState::ending: return "ending";
    case DialogState::ended: return "ended";
  }
  return "";
}

std::string_view to_string(DialogEvent event) {
  switch (event) {
    case DialogEvent::success: return "success";
    case DialogEvent::failure: return "failure";
    case DialogEvent::bye_sent: return "bye_sent";
    case DialogEvent::bye_answered: return "bye_answered";
    case DialogEvent::bye_received: return "bye_received";
    case DialogEvent::gone: return "gone";
  }
  return "";
}

std::string_view to_string(DialogAction action) {
  switch (action) {
    case DialogAction::none: return "";
    case DialogAction::answer_bye: return "answer_bye";
  }
  return "";
}

}  // namespace sipring
