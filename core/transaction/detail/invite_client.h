// INVITE client transaction: RFC 3261 section 17.1.1, figure 5, as amended by RFC 6026 section 8.4.
//
//   calling ──1xx──▶ proceeding
//      ├───── 2xx ──────┴──▶ accepted ───timer M──▶ terminated
//      └── 300-699 ────────▶ completed ──timer D──▶ terminated
//
// Timer C, which only a proxy sets, is that of section 16.8: it cancels, and timer B runs then.
// This file decides; transactions.cpp sends, passes up, and arms timers.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/transaction/detail/machine.h>

namespace sipring::invite_client {

using enum State;
using enum Event;
using enum Action;

inline constexpr TransactionMachine machine{
    calling,
    {
        {calling, r1xx, proceeding, {pass_up}},
        {calling, r2xx, accepted, {pass_up}},
        {calling, r300_699, completed, {send_ack, pass_up}},
        {calling, timer_a, calling, {send_request}},
        {calling, timer_b, terminated, {report_timeout}},
        {calling, transport_error, terminated, {report_transport_error}},
        {proceeding, r1xx, proceeding, {pass_up, restart_timer_c}},
        {proceeding, r2xx, accepted, {pass_up}},
        {proceeding, r300_699, completed, {send_ack, pass_up}},
        {proceeding, timer_b, terminated, {report_timeout}},  // cancelled, and no final response
        {proceeding, timer_c, proceeding, {report_timer_c, send_cancel}},
        {accepted, r2xx, accepted, {pass_up}},  // a fork's 2xx, or a retransmission
        {accepted, timer_m, terminated, {}},
        {completed, r300_699, completed, {send_ack}},  // the server has not seen our ACK
        {completed, transport_error, terminated, {report_transport_error}},
        {completed, timer_d, terminated, {}},
    },
    {
        {calling, {Timer::a, Timer::b}},
        {proceeding, {Timer::none, Timer::c}},  // or B, when a CANCEL has gone
        {accepted, {Timer::none, Timer::m}},
        {completed, {Timer::none, Timer::d}},
    }};

}  // namespace sipring::invite_client
