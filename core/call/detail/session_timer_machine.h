// The session timer: RFC 4028 sections 7.2, 9, 10. Each 2xx to an INVITE or UPDATE says anew who
// refreshes, or that nobody does.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/states.h>

namespace sipring::call_session_timer {

using enum SessionTimer;
using enum SessionTimerEvent;
using enum CallAction;

inline constexpr Machine<SessionTimer, SessionTimerEvent, CallAction> machine{
    off,
    {
        {off, agreed_ours, refreshing, {plan_refresh}},
        {off, agreed_theirs, watching, {plan_end}},
        {refreshing, agreed_ours, refreshing, {plan_refresh}},
        {refreshing, agreed_theirs, watching, {plan_end}},
        {refreshing, agreed_none, off, {stop_timer}},
        {watching, agreed_ours, refreshing, {plan_refresh}},
        {watching, agreed_theirs, watching, {plan_end}},
        {watching, agreed_none, off, {stop_timer}},
    }};

}  // namespace sipring::call_session_timer
