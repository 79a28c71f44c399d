// The ordinary forms of Via, From, To and Call-ID, taken in one step where only a transaction is
// looked for.
//
// Each declines whatever is not ordinary at once, good or bad: the grammar (parse_via,
// parse_address_without_uri, parse_call_id) reads it then. What is taken is what the grammar would
// have found: the tests and the fuzz targets hold the two equal. Nothing outside the value is read.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/via.h>

#include <string_view>

namespace sipring::detail {

// "SIP/2.0/UDP host:port;branch=token;rport;name=token", alone in its header field. After false
// `via` holds nothing of worth.
[[nodiscard]] bool take_ordinary_via(std::string_view value, Via& via);

// The tag of "Display Name" <uri>;tag=token;name=token, alone in its header field; empty when it
// has none. After false `tag` holds nothing of worth.
[[nodiscard]] bool take_ordinary_tag(std::string_view value, std::string_view& tag);

// Whether this is word@word, or one word.
[[nodiscard]] bool is_ordinary_call_id(std::string_view value);

}  // namespace sipring::detail
