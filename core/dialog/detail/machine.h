// The dialog of an INVITE: RFC 3261 sections 12, 13.2.2.4, 15; RFC 5057 section 5.1.
//
//   early ──success──▶ confirmed ──bye_sent──▶ ending ──bye_answered──▶ ended
//     ├─failure, bye_received─────────────────────────────────────────────▲
//     └─bye_sent─▶ ending         confirmed ──bye_received, gone──────────┘
//
// A dialog of another usage has the same states; its events have other names (RFC 6665).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/detail/machine.h>

#include <cstdint>
#include <string_view>

namespace sipring {

enum class DialogState : std::uint8_t {
  early,      // a provisional response with a To tag
  confirmed,  // a 2xx
  ending,     // our BYE waits for its response
  ended,
};

enum class DialogEvent : std::uint8_t {
  success,       // a 2xx, sent or received
  failure,       // a final response other than 2xx to the INVITE that made it, or none in time
  bye_sent,      // BYE of ours
  bye_answered,  // any final response to it, or none in time (section 15.1.1)
  bye_received,  // BYE of theirs
  gone,          // 481, 408 or nothing to a request within the dialog (section 12.2.1.2)
};

enum class DialogAction : std::uint8_t {
  none,
  answer_bye,  // with 200 (section 15.1.2)
};

template <>
inline constexpr std::size_t enumerators<DialogState> = 4;
template <>
inline constexpr std::size_t enumerators<DialogEvent> = 6;

namespace dialog {

using enum DialogState;
using enum DialogEvent;
using enum DialogAction;

inline constexpr Machine<DialogState, DialogEvent, DialogAction> machine{
    early,
    {
        {early, success, confirmed, {}},
        {early, failure, ended, {}},
        {early, bye_sent, ending, {}},  // the caller's side only (section 15)
        {early, bye_received, ended, {answer_bye}},
        {early, gone, ended, {}},
        {confirmed, bye_sent, ending, {}},
        {confirmed, bye_received, ended, {answer_bye}},
        {confirmed, gone, ended, {}},
        {ending, bye_answered, ended, {}},
        {ending, bye_received, ending, {answer_bye}},  // they cross (section 15.1)
        {ending, gone, ended, {}},
    }};

}  // namespace dialog

[[nodiscard]] std::string_view to_string(DialogState state);    // "early"
[[nodiscard]] std::string_view to_string(DialogEvent event);    // "bye_sent"
[[nodiscard]] std::string_view to_string(DialogAction action);  // "answer_bye"

}  // namespace sipring
