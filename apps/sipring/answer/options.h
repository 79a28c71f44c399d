// What the flags of `sipring answer` ask of the server, its engines and their users.
// SPDX-License-Identifier: MIT
#pragma once

#include "listener_text.h"

#include <answer/answer_options.h>
#include <answer/flags.h>

#include <sipring/io/server.h>

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipring::app {

// Those of --listen or else of --config, then those of --listen-file. The error is a sentence.
[[nodiscard]] std::expected<std::vector<ListenerText>, std::string> listeners_of(
    const AnswerFlags::Sockets& flags);
// The error is a sentence. `server` is what the engines call themselves; the options view it.
[[nodiscard]] std::expected<ServerOptions, std::string> server_options_of(
    const AnswerFlags& flags, std::span<const ListenerText> listeners, std::string_view server);

[[nodiscard]] AnswerOptions answer_options_of(const AnswerFlags& flags, const ShardMark& mark);

}  // namespace sipring::app
