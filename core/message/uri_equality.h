// Whether two URIs are equivalent: RFC 3261 section 19.1.4 with RFC 5954 section 4.2, RFC 3966
// section 4 for tel.
//
// The relation is reflexive and symmetric, but not transitive: a parameter that only one of two
// URIs has is ignored, so ";security=on" and ";security=off" both equal a URI without, and not each
// other. For a key into a table use uri_canonical.h.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/uri.h>

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

}  // namespace sipring
