// INVITE server transaction: RFC 3261 section 17.2.1, figure 7, as amended by RFC 6026 section 8.6.
//
//   proceeding ──300-699──▶ completed ──ACK──▶ confirmed ──timer I──▶ terminated
//        │                      └───────────timer H───│──────────────────▲ ▲
//        └─────2xx────────▶ accepted ──acknowledged───┘                    │
//                               └───────────timer L────────────────────────┘
//
// RFC 6026 has the accepted state last 64*T1, because the transaction does not see the ACK of a
// 2xx. Its user does, and may tell: then the client repeats the INVITE no more, and what is still
// on its way takes no longer than T4, as after the ACK of a refusal.
//
// This file decides; transactions.cpp sends, passes up, and arms timers.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/transaction/detail/machine.h>

namespace sipring::invite_server {

using enum State;
using enum Event;
using enum Action;

inline constexpr TransactionMachine machine{
    proceeding,
    {
        {proceeding, request, proceeding, {send_response}},
        {proceeding, timer_trying, proceeding, {send_100}},
        {proceeding, send_1xx, proceeding, {send_response}},
        {proceeding, send_2xx, accepted, {send_response}},
        {proceeding, send_300_699, completed, {send_response}},
        {proceeding, transport_error, proceeding, {report_transport_error}},
        {accepted, send_2xx, accepted, {send_response}},  // the user retransmits until the ACK
        {accepted, ack, accepted, {pass_up}},
        {accepted, acknowledged, confirmed, {}},
        {accepted, transport_error, accepted, {report_transport_error}},
        {accepted, timer_l, terminated, {}},
        {completed, request, completed, {send_response}},
        {completed, timer_g, completed, {send_response}},
        {completed, ack, confirmed, {}},
        {completed, transport_error, completed, {report_transport_error}},
        {completed, timer_h, terminated, {report_timeout}},
        {confirmed, timer_i, terminated, {}},
    },
    {
        {proceeding, {Timer::trying, Timer::none}},
        {accepted, {Timer::none, Timer::l}},
        {completed, {Timer::g, Timer::h}},
        {confirmed, {Timer::none, Timer::i}},
    }};

}  // namespace sipring::invite_server
