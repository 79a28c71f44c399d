// One header field found in the octets of a message without framing them: what steers a datagram to
// its shard, or cuts a stream into messages, needs one value and no more.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/names.h>

#include <optional>
#include <string_view>

namespace sipring {

// The first word of the first header field of this kind, long or compact name, folds skipped
// (RFC 3261 sections 7.3.1, 25.1); nullopt when the head has none. A view into `message`, which may
// be cut off anywhere. Lines may end in LF alone.
[[nodiscard]] std::optional<std::string_view> find_unframed(std::string_view message, HeaderId id);

// All of that field's value as it stands, the blanks in front of it and its folds too, without the
// line end.
[[nodiscard]] std::optional<std::string_view> find_unframed_value(std::string_view message,
                                                                  HeaderId id);

}  // namespace sipring
