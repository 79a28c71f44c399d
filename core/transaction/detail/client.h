// Non-INVITE client transaction: RFC 3261 section 17.1.2, figure 6.
//
//   trying ──1xx──▶ proceeding ──200-699──▶ completed ──timer K──▶ terminated
//      └──────────── 200-699 ───────────────────▲
//
// This file decides; transactions.cpp sends, passes up, and arms timers.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/transaction/detail/machine.h>

namespace sipring::client {

using enum State;
using enum Event;
using enum Action;

inline constexpr TransactionMachine machine{
    trying,
    {
        {trying, timer_e, trying, {send_request}},
        {trying, r1xx, proceeding, {pass_up}},
        {trying, r2xx, completed, {pass_up}},
        {trying, r300_699, completed, {pass_up}},
        {trying, timer_f, terminated, {report_timeout}},
        {trying, transport_error, terminated, {report_transport_error}},
        {proceeding, timer_e, proceeding, {send_request}},
        {proceeding, r1xx, proceeding, {pass_up}},
        {proceeding, r2xx, completed, {pass_up}},
        {proceeding, r300_699, completed, {pass_up}},
        {proceeding, timer_f, terminated, {report_timeout}},
        {proceeding, transport_error, terminated, {report_transport_error}},
        {completed, timer_k, terminated, {}},
    },
    {
        {trying, {Timer::e, Timer::f}},
        {proceeding, {Timer::e, Timer::f}},  // both run on from trying
        {completed, {Timer::none, Timer::k}},
    }};

}  // namespace sipring::client
