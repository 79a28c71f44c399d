// Whether two URIs are equivalent: RFC 3261 section 19.1.4 with RFC 5954 section 4.2, RFC 3966
// section 4 for tel.
//
// The relation is reflexive and symmetric, but not transitive: a parameter that only one of two
// URIs has is ignored, so ";security=on" and ";security=off" both equal a URI without, and not each
// other. For a key into a table there is the canonical form: a text, so two URIs have the same key,
// or they do not (section 10.3 step 5: what a registrar looks an address-of-record up by).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/uri.h>
#include <sipring/core/message/uri_writer.h>

#include <span>

namespace sipring {

// Of sip and sips URIs:
// - user and password with case, everything else without; escapes undone first, except where they
//   escape a reserved octet ("%3B" is not ";").
// - absent is not equal to the default: port, password, user, and the parameters user, ttl, method,
//   maddr and transport. Other parameters count only where both have them.
// - hosts that are IP addresses are compared as addresses (RFC 5954).
// - the method parameter is compared with case, for methods are (section 7.1).
// - headers: the same ones in any order. Names without case, compact or long. Values without case
//   outside of quoted strings; with case Call-ID and the body, and in header fields with an address
//   what stands before its "@".
// Of tel URIs see tel_uri.h; of others: the scheme without case, the rest octet by octet.
//
// More than 64 parameters or headers: equal to the same octets only, since comparing takes time
// that grows with their square. Both are as parse_uri made them: equal texts are equal URIs.
[[nodiscard]] bool is_equivalent(const Uri& a, const Uri& b);

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
