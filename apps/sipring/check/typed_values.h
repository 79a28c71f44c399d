// The typed values of a header field, by the parser of its kind; the tables are in check/typed/.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/explanation.h>

#include <sipring/core/message/message.h>

#include <string_view>
#include <vector>

namespace sipring::app {

// Whether values of that header field are looked into.
[[nodiscard]] bool has_typed_values(const HeaderField& field);
// One for each element of a list.
[[nodiscard]] std::vector<TypedValue> typed_values(const HeaderField& field);
// Empty when it is no URI.
[[nodiscard]] TypedValue typed_uri(std::string_view text);

}  // namespace sipring::app
