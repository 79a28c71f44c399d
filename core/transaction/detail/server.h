// Non-INVITE server transaction: RFC 3261 section 17.2.2, figure 8, as amended by RFC 4320
// section 4.
//
//   trying ──100──▶ proceeding ──200-699──▶ completed ──timer J──▶ terminated
//      └──────────── 200-699 ───────────────────▲
//
// This file decides; transactions.cpp sends, passes up, and arms timers.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/transaction/detail/machine.h>

namespace sipring::server {

using enum State;
using enum Event;
using enum Action;

inline constexpr TransactionMachine machine{
    trying,
    {
        {trying, timer_trying, proceeding, {send_100}},
        {trying, send_1xx, proceeding, {send_response}},
        {trying, send_2xx, completed, {send_response}},
        {trying, send_300_699, completed, {send_response}},
        {trying, timer_unanswered, terminated, {report_timeout}},
        {proceeding, request, proceeding, {send_response}},
        {proceeding, send_1xx, proceeding, {send_response}},
        {proceeding, send_2xx, completed, {send_response}},
        {proceeding, send_300_699, completed, {send_response}},
        {proceeding, transport_error, terminated, {report_transport_error}},
        {proceeding, timer_unanswered, terminated, {report_timeout}},
        {completed, request, completed, {send_response}},
        {completed, transport_error, terminated, {report_transport_error}},
        {completed, timer_j, terminated, {}},
    },
    {
        {trying, {Timer::trying, Timer::unanswered}},
        {proceeding, {Timer::none, Timer::unanswered}},
        {completed, {Timer::none, Timer::j}},
    }};

}  // namespace sipring::server
