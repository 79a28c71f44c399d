// SPDX-License-Identifier: MIT
#include <agent/text.h>
#include <call/phone_command.h>

#include <sipring/pools/trimmed.h>

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <vector>

namespace sipring::app {
namespace {

using Verb = PhoneCommand::Verb;
using Words = std::vector<std::string_view>;
using Outcome = std::expected<std::optional<PhoneCommand>, std::string>;

constexpr std::string_view digits_of_dtmf = "0123456789*#ABCDabcd";
constexpr double longest_pause = 3'600;

Words words_of(std::string_view line) {
  Words words;
  while (const auto word = take_until(line, ' ')) {
    if (const std::string_view text = trimmed(*word); !text.empty()) words.push_back(text);
  }
  return words;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::optional<Verb> verb_of(std::string_view word) {
  for (const Verb verb : {Verb::call, Verb::answer, Verb::reject, Verb::hold, Verb::resume,
                          Verb::dtmf, Verb::hangup, Verb::wait, Verb::pause, Verb::quit}) {
    if (word == to_string(verb)) return verb;
  }
  return std::nullopt;
}

// How many words follow the verb, the number of a call apart.
std::size_t arguments_of(Verb verb, const Words& words) {
  switch (verb) {
    case Verb::call:
    case Verb::dtmf:
    case Verb::wait:
    case Verb::pause: return 1;
    case Verb::reject: return words.size() > 1 ? 1 : 0;
    default: return 0;
  }
}

bool names_a_call(Verb verb) {
  return verb != Verb::call && verb != Verb::wait && verb != Verb::pause && verb != Verb::quit;
}

// The error is what is wrong with it.
std::expected<void, std::string> take_argument(PhoneCommand& command, std::string_view word) {
  command.text = word;
  switch (command.verb) {
    case Verb::dtmf:
      if (word.find_first_not_of(digits_of_dtmf) == word.npos) return {};
      return std::unexpected("digits are 0 to 9, *, # and A to D");
    case Verb::reject: {
      const auto status = number_of<std::uint16_t>(word);
      if (!status || *status < 300 || *status > 699) return std::unexpected("a code is 300 to 699");
      command.status = *status;
      return {};
    }
    case Verb::pause: {
      const auto seconds = number_of<double>(word);
      if (!seconds || *seconds < 0 || *seconds > longest_pause)
        return std::unexpected("seconds are 0 to 3600");
      command.duration =
          std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*seconds));
      return {};
    }
    default: return {};
  }
}

}  // namespace

std::string_view to_string(PhoneCommand::Verb verb) {
  switch (verb) {
    case Verb::call: return "call";
    case Verb::answer: return "answer";
    case Verb::reject: return "reject";
    case Verb::hold: return "hold";
    case Verb::resume: return "resume";
    case Verb::dtmf: return "dtmf";
    case Verb::hangup: return "hangup";
    case Verb::wait: return "wait";
    case Verb::pause: return "pause";
    case Verb::quit: return "quit";
  }
  return "";
}

Outcome parse_command(std::string_view line) {
  const Words words = words_of(line);
  if (words.empty() || words[0].starts_with('#')) return std::nullopt;
  const auto wrong = [&](std::string_view why) {
    return std::unexpected(fmt::format("{}: {}", trimmed(line), why));
  };
  const auto verb = verb_of(words[0]);
  if (!verb) return wrong("there is no such command");
  PhoneCommand command{.verb = *verb};
  std::size_t next = 1 + arguments_of(*verb, words);
  if (words.size() < next) return wrong("something is missing");
  if (next == 2) {
    if (const auto taken = take_argument(command, words[1]); !taken) return wrong(taken.error());
  }
  if (names_a_call(*verb) && words.size() > next) {
    const auto number = number_of<std::uint32_t>(words[next]);
    if (!number || *number == 0) return wrong("the number of a call is 1, 2 ...");
    command.call = *number;
    ++next;
  }
  if (words.size() > next) return wrong("there is too much");
  return command;
}

}  // namespace sipring::app
