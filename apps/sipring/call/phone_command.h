// PhoneCommand: a line of the standard input of `sipring call`.
//
//   call URI          answer [N]     reject [CODE] [N]   hangup [N]    quit
//   dtmf DIGITS [N]   hold [N]       resume [N]          wait EVENT    pause SECONDS
//
// N is the number of a call, as events have it; without it the newest call is meant.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace sipring::app {

struct PhoneCommand {
  enum class Verb : std::uint8_t {
    call,
    answer,
    reject,
    hold,
    resume,
    dtmf,
    hangup,
    wait,
    pause,
    quit
  };
  Verb verb = Verb::quit;
  std::uint32_t call = 0;      // 0: the newest
  std::string text = {};       // the URI, the digits, or the name of the event
  std::uint16_t status = 486;  // of reject
  Duration duration{};         // of pause
};
[[nodiscard]] std::string_view to_string(PhoneCommand::Verb verb);

// nullopt: an empty line, or one that begins with #. The error is a sentence.
[[nodiscard]] std::expected<std::optional<PhoneCommand>, std::string> parse_command(
    std::string_view line);

}  // namespace sipring::app
