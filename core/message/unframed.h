// One header field found in the octets of a message without framing them: what steers a datagram to
// its shard, or cuts a stream into messages, needs one value and no more.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/names.h>

#include <array>
#include <optional>
#include <string_view>

namespace sipring {

// The first word of the first header field of this kind, long or compact name, folds skipped
// (RFC 3261 sections 7.3.1, 25.1); nullopt when the head has none. A view into `message`, which may
// be cut off anywhere. Lines may end in LF alone.
[[nodiscard]] std::optional<std::string_view> find_unframed(std::string_view message, HeaderId id);

// The first fields of two kinds in one pass: all of each value as it stands, the blanks in front of
// it and its folds too, without the line end.
[[nodiscard]] std::array<std::optional<std::string_view>, 2> find_unframed_values(
    std::string_view message, HeaderId one, HeaderId other);
// Of a value as it stands: what find_unframed() gives.
[[nodiscard]] std::string_view first_word(std::string_view value);

}  // namespace sipring
