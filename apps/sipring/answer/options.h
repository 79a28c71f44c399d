// What the flags of `sipring answer` ask of the server, its engines and their users.
// SPDX-License-Identifier: MIT
#pragma once

#include <answer/calls.h>
#include <answer/flags.h>

#include <sipring/io/server.h>

#include <expected>
#include <string>
#include <string_view>

namespace sipring::app {

// The error is a sentence. `server` is what the engines call themselves; the options view it.
[[nodiscard]] std::expected<ServerOptions, std::string> server_options_of(const AnswerFlags& flags,
                                                                          std::string_view server);

[[nodiscard]] AnswerOptions answer_options_of(const AnswerFlags& flags, const ShardMark& mark);

}  // namespace sipring::app
