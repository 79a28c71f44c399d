// Offer and answer: RFC 3261 section 13.2.1, RFC 3262 section 5, RFC 3311 section 5. Each offer has
// one answer, and no other offer comes before it (RFC 3264 section 4).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/call/states.h>

namespace sipring::call_exchange {

using enum Exchange;
using enum ExchangeEvent;
using enum CallAction;

inline constexpr Machine<Exchange, ExchangeEvent, CallAction> machine{
    Exchange::none,
    {
        {Exchange::none, offer_sent, local_offer, {}},
        {Exchange::none, offer_received, remote_offer, {}},
        {local_offer, answer_received, agreed, {tell_established}},
        {local_offer, refused, agreed, {roll_back}},
        {local_offer, abandoned, Exchange::none, {roll_back}},
        {remote_offer, answer_sent, agreed, {tell_established}},
        {remote_offer, refused, agreed, {roll_back}},
        {remote_offer, abandoned, Exchange::none, {roll_back}},
        {agreed, offer_sent, local_offer, {}},
        {agreed, offer_received, remote_offer, {}},
    }};

}  // namespace sipring::call_exchange
