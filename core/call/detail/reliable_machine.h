// Our reliable provisional response: RFC 3262 section 3.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/states.h>

namespace sipring::call_reliable {

using enum Reliable;
using enum ReliableEvent;
using enum CallAction;

inline constexpr Machine<Reliable, ReliableEvent, CallAction> machine{
    Reliable::none,
    {
        {Reliable::none, sent, waiting, {repeat_1xx}},
        {waiting, acknowledged, Reliable::none, {stop_repeat}},
        {waiting, given_up, Reliable::none, {stop_repeat, refuse_invite}},
    }};

}  // namespace sipring::call_reliable
