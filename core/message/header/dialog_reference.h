// Header fields that name a dialog: Replaces (RFC 3891 section 6.1), Join (RFC 3911 section 7.1),
// Target-Dialog (RFC 4538 section 7). A Call-ID and both tags, or it is an error: less would match
// the wrong dialog. Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

struct Replaces {
  std::string_view call_id, to_tag, from_tag;
  bool early_only = false;      // only while the dialog is early
  std::string_view parameters;  // all of them, from the first ';'
  std::uint32_t length = 0;     // all octets: the header field is no list
  Forgiven forgiven = {};
};
Parsed<Replaces> parse_replaces(std::string_view value);

struct Join {
  std::string_view call_id, to_tag, from_tag;
  std::string_view parameters;
  std::uint32_t length = 0;
  Forgiven forgiven = {};
};
Parsed<Join> parse_join(std::string_view value);

struct TargetDialog {
  std::string_view call_id, remote_tag, local_tag;  // as the sender of the header field sees them
  std::string_view parameters;
  std::uint32_t length = 0;
  Forgiven forgiven = {};
};
Parsed<TargetDialog> parse_target_dialog(std::string_view value);

}  // namespace sipring
