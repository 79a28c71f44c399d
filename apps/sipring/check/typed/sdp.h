// The typed values of a line of SDP, by the parser of its kind, and what is wrong with the line.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/typed/typed.h>

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <optional>
#include <span>
#include <string_view>

namespace sipring::app::typed {

// Offsets are within the value.
struct SdpValue {
  TypedValue typed;
  std::optional<ParseError> error;
  Forgiven forgiven;
};

// Of "x=value".
SdpValue sdp_line(char type, std::string_view value);

struct SdpRow {
  std::string_view attribute;
  SdpValue (*type)(std::string_view value);
};
std::span<const SdpRow> rtp_attributes();
std::span<const SdpRow> transport_attributes();

template <auto parse, auto type>
SdpValue sdp_value(std::string_view value) {
  const auto parsed = parse(value);
  if (!parsed) return {{}, parsed.error(), {}};
  return {type(*parsed), {}, parsed->forgiven};
}

}  // namespace sipring::app::typed
