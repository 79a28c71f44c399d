// Bodies explained by their type: SDP line by line, the parts of multiparts, the header fields of
// message fragments. Of others the size is told.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/report.h>

#include <string_view>

namespace sipring::app {

// `content_type` is empty when there is none.
void explain_body(Report& report, std::string_view body, std::string_view content_type);
// A text that is a session description alone.
[[nodiscard]] bool is_sdp(std::string_view text);
void explain_sdp(Report& report, std::string_view text);

}  // namespace sipring::app
