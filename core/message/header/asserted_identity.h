// P-Asserted-Identity and P-Preferred-Identity (RFC 3325 section 9): at most one sip or sips URI
// and one tel URI, in one header field or two. The elements alone are parse_address.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/header/address.h>
#include <sipring/core/message/message.h>
#include <sipring/core/result.h>

#include <optional>

namespace sipring {

struct AssertedIdentity {
  std::optional<Address> sip;  // sip or sips
  std::optional<Address> tel;
  Forgiven forgiven;  // offsets are within the value of a header field
};

// `id` is HeaderId::p_asserted_identity or p_preferred_identity. Without such a header field both
// are absent. What there is too much of, or of another scheme, is forgiven and left out (RFC 5876
// section 4.5). Valid as long as the message is.
Parsed<AssertedIdentity> asserted_identity(const Message& message, HeaderId id);

}  // namespace sipring
