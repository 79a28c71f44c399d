// URIs as keys: what a registrar looks an address-of-record up by (RFC 3261 section 10.3 step 5).
// Texts, not a relation: two URIs have the same key, or they do not.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/uri.h>
#include <sipring/core/message/uri_escape.h>

#include <span>
#include <string_view>

namespace sipring {

// The canonical form, itself a URI and its own canonical form. `room` for three times the octets of
// uri.text and 48 more is always enough.
//
// sip, sips: scheme, user, password, host and port; parameters and headers are gone.
// - All escapes of user and password are undone, as step 5 says, reserved octets too ("%2B49" and
//   "+49" have one key, though 19.1.4 keeps them apart); then what cannot stand there is escaped
//   again, with upper-case digits.
// - Letters of the host are lower-case; an IPv6 address is written as RFC 5952 says.
// - A port is kept, 5060 too: section 19.1.4 does not take an absent port for it.
// So URIs that are equivalent by 19.1.4 have the same key, whatever parameters they have; and those
// with the same key differ in parameters, headers or the escapes of reserved octets only.
//
// tel: the number without visual separators in lower case; then ext, isub and phone-context where
// they are there, in this order, the same way; other parameters are gone. Equivalent ones (RFC 3966
// section 4) have the same key. A tel URI that parse_tel_uri refuses is kept as it is.
//
// Others: as they are, but for a scheme in lower case.
[[nodiscard]] UriText write_canonical(const Uri& uri, std::span<char> room);

}  // namespace sipring
