// Feature tags among header parameters: RFC 3840 section 9 (Contact) and RFC 6809 (Feature-Caps).
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring {

// A name of the base set ("audio", "isfocus" ...) or one that begins with "+".
[[nodiscard]] bool is_feature_tag(std::string_view name);

// What the tag `name` says in a parsed parameter text such as Contact::parameters: the text between
// its quotes; "" when it has no value, which stands for TRUE; nullopt when absent. A view into
// `parameters`.
[[nodiscard]] std::optional<std::string_view> feature_tag(std::string_view parameters,
                                                          std::string_view name);

// `value` is one tag-value or several with commas between them: one of them is `wanted`, compared
// without case.
[[nodiscard]] bool has_tag_value(std::string_view value, std::string_view wanted);

}  // namespace sipring
