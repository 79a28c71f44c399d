// URIs: SIP and SIPS (RFC 3261 section 19.1) in parts, tel (RFC 3966) and any other absolute URI
// whole. What else is done with a URI has files of its own: uri_parts.h (parameters and headers one
// by one), uri_equality.h (and keys), uri_writer.h (and escapes), tel_uri.h.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>

namespace sipring {

// Views are raw wire octets: escapes stay. A part that is absent has a null data(); a password may
// be there and empty.
struct Uri {
  enum class Scheme : std::uint8_t { sip, sips, tel, other };
  Scheme scheme = Scheme::other;
  std::uint16_t port = 0;  // 0: absent
  Forgiven forgiven;       // of sip, sips and tel; offsets within `text`
  std::string_view text;   // the whole URI
  std::string_view user;   // before ':' and '@'; empty when absent
  std::string_view password;
  std::string_view host;        // an IPv6 reference keeps its brackets
  std::string_view parameters;  // from the first ';' (included) to '?' or the end
  std::string_view headers;     // after '?'
};

// `text` is exactly one URI, and views are into it. A SIP URI with more than one "@" is read up to
// the first one: the others may stand in its headers only. Forgiven are octets that had to be
// escaped where nothing else can be meant ("sip:*06#@host"), quoted strings in parameters and
// headers, "_" in a host, a zone, "sip:@host", "sip:host:", port 0, empty parameters and headers,
// and a tel URI whose number parse_tel_uri refuses.
Parsed<Uri> parse_uri(std::string_view text);

[[nodiscard]] inline bool is_sip(const Uri& uri) {  // or sips: has a host
  return uri.scheme <= Uri::Scheme::sips;
}

// "sip", "tel", "urn", "http" ... as written: letters in any case.
[[nodiscard]] inline std::string_view scheme_name(const Uri& uri) {
  return uri.text.substr(0, uri.text.find(':'));
}

}  // namespace sipring
