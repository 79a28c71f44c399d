// A header field's line as it stands in a message, folds and odd spacing included.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>

#include <string_view>

namespace sipring {

// From the name to before the line ending that no continuation follows.
[[nodiscard]] std::string_view line_text(const Message& message, const HeaderField& field);
// The same with its line ending: taken out of a message, the rest closes over it.
[[nodiscard]] std::string_view whole_line(const Message& message, const HeaderField& field);

}  // namespace sipring
