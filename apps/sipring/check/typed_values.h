// The typed values of a header field, by the parser of its kind.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/explanation.h>

#include <sipring/core/message/message.h>
#include <sipring/core/result.h>

#include <optional>
#include <string_view>
#include <vector>

namespace sipring {

struct TypedField {
  std::vector<TypedValue> elements;
  std::optional<ParseError> error;  // its offset is in the field's value
};

[[nodiscard]] TypedField type_field(HeaderId id, std::string_view value);
[[nodiscard]] Parsed<TypedValue> type_uri(std::string_view text);

}  // namespace sipring
