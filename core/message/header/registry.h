// Which header fields have a parser of their own, as a table: what goes over all header fields of a
// message asks here. To add one: a row in registry.cpp.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <string_view>

namespace sipring {

// Of one header field's value, all its elements; offsets are within the value.
struct HeaderVerdict {
  ParseError error;  // code `none`: the value can be read
  Forgiven forgiven;
};
using HeaderCheck = HeaderVerdict (*)(std::string_view value);

// Whether a second line of that kind is a mistake (section 7.3.1): its value is no list, and no RFC
// lets it stand twice all the same, as challenges, credentials and Identity do.
[[nodiscard]] bool stands_once(HeaderId id);

// nullptr when values of that kind are not looked into.
[[nodiscard]] HeaderCheck header_check(HeaderId id);
// The same, also of header fields that have no id: Diversion (RFC 5806), Proxy-Authentication-Info
// (RFC 7615).
[[nodiscard]] HeaderCheck header_check(const HeaderField& field);

// It tells humans something, or others: no part of this library acts on it. So it spoils no
// message, whatever stands in it.
[[nodiscard]] bool is_idle(HeaderId id);

// What its check says; nothing where there is none. What cannot be read of an idle header field is
// forgiven (unread_value).
[[nodiscard]] HeaderVerdict verdict_of(const HeaderField& field);

}  // namespace sipring
