// SPDX-License-Identifier: MIT
#include <sipring/core/call/states.h>

namespace sipring {

std::string_view to_string(CallState state) {
  switch (state) {
    case CallState::init: return "init";
    case CallState::trying: return "trying";
    case CallState::ringing: return "ringing";
    case CallState::established: return "established";
    case CallState::terminating: return "terminating";
    case CallState::terminated: return "terminated";
  }
  return "";
}

std::string_view to_string(CallEvent event) {
  switch (event) {
    case CallEvent::invite_sent: return "invite_sent";
    case CallEvent::invite_received: return "invite_received";
    case CallEvent::provisional: return "provisional";
    case CallEvent::success: return "success";
    case CallEvent::failure: return "failure";
    case CallEvent::acknowledged: return "acknowledged";
    case CallEvent::unacknowledged: return "unacknowledged";
    case CallEvent::cancelled: return "cancelled";
    case CallEvent::offered: return "offered";
    case CallEvent::agreed: return "agreed";
    case CallEvent::refused: return "refused";
    case CallEvent::refreshed: return "refreshed";
    case CallEvent::expired: return "expired";
    case CallEvent::bye_sent: return "bye_sent";
    case CallEvent::bye_received: return "bye_received";
    case CallEvent::lost: return "lost";
  }
  return "";
}

std::string_view to_string(InviteState state) {
  switch (state) {
    case InviteState::none: return "none";
    case InviteState::calling: return "calling";
    case InviteState::proceeding: return "proceeding";
    case InviteState::cancelling: return "cancelling";
    case InviteState::acknowledging: return "acknowledging";
    case InviteState::received: return "received";
    case InviteState::answered: return "answered";
  }
  return "";
}

std::string_view to_string(InviteEvent event) {
  switch (event) {
    case InviteEvent::send: return "send";
    case InviteEvent::provisional: return "provisional";
    case InviteEvent::success: return "success";
    case InviteEvent::success_with_offer: return "success_with_offer";
    case InviteEvent::failure: return "failure";
    case InviteEvent::cancel: return "cancel";
    case InviteEvent::acknowledge: return "acknowledge";
    case InviteEvent::receive: return "receive";
    case InviteEvent::respond_2xx: return "respond_2xx";
    case InviteEvent::respond_failure: return "respond_failure";
    case InviteEvent::acknowledged: return "acknowledged";
    case InviteEvent::unacknowledged: return "unacknowledged";
  }
  return "";
}

std::string_view to_string(Exchange exchange) {
  switch (exchange) {
    case Exchange::none: return "none";
    case Exchange::local_offer: return "local_offer";
    case Exchange::remote_offer: return "remote_offer";
    case Exchange::agreed: return "agreed";
  }
  return "";
}

std::string_view to_string(ExchangeEvent event) {
  switch (event) {
    case ExchangeEvent::offer_sent: return "offer_sent";
    case ExchangeEvent::offer_received: return "offer_received";
    case ExchangeEvent::answer_sent: return "answer_sent";
    case ExchangeEvent::answer_received: return "answer_received";
    case ExchangeEvent::refused: return "refused";
    case ExchangeEvent::abandoned: return "abandoned";
  }
  return "";
}

std::string_view to_string(Reliable reliable) {
  switch (reliable) {
    case Reliable::none: return "none";
    case Reliable::waiting: return "waiting";
  }
  return "";
}

std::string_view to_string(ReliableEvent event) {
  switch (event) {
    case ReliableEvent::sent: return "sent";
    case ReliableEvent::acknowledged: return "acknowledged";
    case ReliableEvent::given_up: return "given_up";
  }
  return "";
}

std::string_view to_string(SessionTimer timer) {
  switch (timer) {
    case SessionTimer::off: return "off";
    case SessionTimer::refreshing: return "refreshing";
    case SessionTimer::watching: return "watching";
  }
  return "";
}

std::string_view to_string(SessionTimerEvent event) {
  switch (event) {
    case SessionTimerEvent::agreed_none: return "agreed_none";
    case SessionTimerEvent::agreed_ours: return "agreed_ours";
    case SessionTimerEvent::agreed_theirs: return "agreed_theirs";
  }
  return "";
}

std::string_view to_string(CallAction action) {
  switch (action) {
    case CallAction::nothing: return "";
    case CallAction::send_ack: return "send_ack";
    case CallAction::repeat_2xx: return "repeat_2xx";
    case CallAction::stop_repeat: return "stop_repeat";
    case CallAction::hang_up: return "hang_up";
    case CallAction::repeat_1xx: return "repeat_1xx";
    case CallAction::refuse_invite: return "refuse_invite";
    case CallAction::tell_offered: return "tell_offered";
    case CallAction::tell_established: return "tell_established";
    case CallAction::roll_back: return "roll_back";
    case CallAction::plan_refresh: return "plan_refresh";
    case CallAction::plan_end: return "plan_end";
    case CallAction::stop_timer: return "stop_timer";
  }
  return "";
}

}  // namespace sipring
