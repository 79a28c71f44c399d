// The INVITE in flight: RFC 3261 sections 9, 13.2, 13.3, 14.
//
//   ours:    none ──send──▶ calling ──provisional──▶ proceeding ──success──▶ none
//                                 └─cancel─▶ cancelling ◀─cancel─┘
//   theirs:  none ──receive──▶ received ──respond_2xx──▶ answered ──acknowledged──▶ none
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/states.h>

namespace sipring::call_invite {

using enum InviteState;
using enum InviteEvent;
using enum CallAction;

inline constexpr Machine<InviteState, InviteEvent, CallAction> machine{
    InviteState::none,
    {
        {InviteState::none, send, calling, {}},
        {calling, provisional, proceeding, {}},
        {calling, success, InviteState::none, {send_ack}},
        {calling, success_with_offer, acknowledging, {tell_offered}},
        {calling, failure, InviteState::none, {}},
        {calling, cancel, cancelling, {}},
        {proceeding, provisional, proceeding, {}},
        {proceeding, success, InviteState::none, {send_ack}},
        {proceeding, success_with_offer, acknowledging, {tell_offered}},
        {proceeding, failure, InviteState::none, {}},
        {proceeding, cancel, cancelling, {}},
        {cancelling, provisional, cancelling, {}},
        {cancelling,
         success,
         InviteState::none,
         {send_ack, hang_up}},  // they crossed (section 9.1)
        {cancelling, success_with_offer, InviteState::none, {send_ack, hang_up}},
        {cancelling, failure, InviteState::none, {}},
        {acknowledging, acknowledge, InviteState::none, {send_ack}},
        {InviteState::none, receive, received, {}},
        {received, respond_2xx, answered, {repeat_2xx}},
        {received, respond_failure, InviteState::none, {}},
        {answered, acknowledged, InviteState::none, {stop_repeat}},
        {answered, unacknowledged, InviteState::none, {stop_repeat, hang_up}},
        // Who sends another INVITE has the 2xx: its ACK is lost.
        {answered, receive, received, {stop_repeat}},
    }};

}  // namespace sipring::call_invite
