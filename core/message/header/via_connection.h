// What a Via says about its connection: "alias", that it may be used in both directions (RFC 5923
// section 7), and "keep", that keep-alives are offered or asked for (RFC 6223 section 8.2). Read on
// demand from the parameters of a parsed Via. Views are into them.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

struct ViaConnection {
  bool alias = false;
  bool keep = false;
  std::optional<std::uint32_t> keep_seconds;  // how often keep-alives should come; 0: as one likes
  std::string_view parameters;                // the Via's
  Forgiven forgiven = {};
};

// `via_parameters` is Via::parameters; so are the offsets of errors.
Parsed<ViaConnection> parse_via_connection(std::string_view via_parameters);

}  // namespace sipring
