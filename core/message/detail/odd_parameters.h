// What tolerant reading lets pass among header parameters, found in a text that a machine has
// accepted: values that are no gen-value but cannot be mistaken ("branch=z9hG4bKab==",
// "type=application/rlmi+xml"), and parameters without name or value (RFC 3261 section 25.1).
//
// The machines only say that there may be some, so ordinary texts pay nothing.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>

#include <cstddef>
#include <string_view>

namespace sipring::detail {

// token, host or quoted-string.
[[nodiscard]] bool is_gen_value(std::string_view value);

// `parameters` stands at `offset` of the text whose notes `forgiven` are. The value `spared`, a
// part of the text, has a rule of its own.
[[gnu::cold]] void note_odd_parameters(std::string_view parameters, std::size_t offset,
                                       Forgiven& forgiven, std::string_view spared = {});

}  // namespace sipring::detail
