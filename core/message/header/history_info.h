// History-Info: RFC 7044 section 5, the causes of RFC 4458. A URI without brackets is forgiven.
// Views are into the value.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/address.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

struct HistoryEntry : Address {
  // How the target was found; the entry that it came from is `target_index`.
  enum class Target : std::uint8_t { none, rc, mp, np };

  std::string_view index;  // "1.2.1"
  Target target = Target::none;
  std::string_view target_index;
  std::optional<std::uint32_t> cause;  // of the URI (RFC 4458)
  // Reason and Privacy of the URI's headers, escapes and all; unescape() takes them out.
  std::string_view reason;
  std::string_view privacy;
};

// The first element of a header field's value. An entry without index is an error: nothing says
// where it belongs.
Parsed<HistoryEntry> parse_history_info(std::string_view value);

}  // namespace sipring
