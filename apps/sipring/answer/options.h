// What the flags of `sipring answer` ask of the server, its engines and their users.
// SPDX-License-Identifier: MIT
#pragma once

#include "listener_text.h"

#include <answer/answer_options.h>
#include <answer/flags.h>

#include <sipring/io/server.h>

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipring::app {

// Those of --listen or else of --config, then those of --listen-file. The error is a sentence.
[[nodiscard]] std::expected<std::vector<ListenerText>, std::string> listeners_of(
    const AnswerFlags::Sockets& flags);
// Says how many transactions where nobody does: by the octets of memory that the process may use,
// and so many shards where nobody says these either.
void fit_to_machine(AnswerFlags& flags, std::uint64_t usable_bytes, std::uint32_t shards);
// The error is a sentence. `server` is what the engines call themselves; the options view it.
[[nodiscard]] std::expected<ServerOptions, std::string> server_options_of(
    const AnswerFlags& flags, std::span<const ListenerText> listeners, std::string_view server);

[[nodiscard]] AnswerOptions answer_options_of(const AnswerFlags& flags, const ShardMark& mark);

}  // namespace sipring::app
