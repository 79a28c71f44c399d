// The start line and the header fields of a message, or of a fragment of one, explained.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/report.h>

#include <sipring/core/message/message.h>

#include <string>
#include <string_view>

namespace sipring::app {

[[nodiscard]] std::string name_of(const HeaderField& field);

// `prefix` begins the names of what is shown: "sipfrag ", or nothing.
void show_start_line(Report& report, const Message& message, std::string_view prefix = {});
void show_header(Report& report, const HeaderField& field, std::string_view prefix = {});
// What is wrong with its value, and what is forgiven.
void judge_header(Report& report, const HeaderField& field);

}  // namespace sipring::app
