// Methods and header field names: their ids, spellings and compact forms (RFC 3261
// sections 7.1, 7.3, 20; the IANA registry). The lists are names.def; the perfect hash over them is
// made from the same lists.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace sipring {

// `unknown` is any other token: the message keeps its spelling.
enum class Method : std::uint8_t {
  unknown,
#define SIPRING_METHOD(id, text) id,
#include <sipring/core/message/names.def>
#undef SIPRING_METHOD
};
inline constexpr std::size_t method_count =
    std::initializer_list<Method>{
        Method::unknown,
#define SIPRING_METHOD(id, text) Method::id,
#include <sipring/core/message/names.def>
#undef SIPRING_METHOD
    }
        .size();

// `extension` is a header field that is not in the list: the message keeps its name.
enum class HeaderId : std::uint8_t {
  extension,
#define SIPRING_HEADER(id, text, compact) id,
#include <sipring/core/message/names.def>
#undef SIPRING_HEADER
};

// Methods are case-sensitive (section 7.1).
[[nodiscard]] Method method_from(std::string_view text);
[[nodiscard]] std::string_view to_string(Method method);  // "INVITE"; "" for unknown

// Header field names are not case-sensitive and may be compact (section 7.3.1, 7.3.3).
[[nodiscard]] HeaderId header_id_from(std::string_view name);
// The same asked the other way round, which costs less for one id.
[[nodiscard]] bool is_name_of(HeaderId id, std::string_view name);
[[nodiscard]] std::string_view to_string(HeaderId id);        // "Call-ID"; "" for extension
[[nodiscard]] std::optional<char> compact_form(HeaderId id);  // 'i'

}  // namespace sipring
