// tel URIs: RFC 3966, with the number portability parameters of RFC 4694; and telephone-subscribers
// in the user of a SIP URI (RFC 3261 section 19.1.6).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/message/uri_parts.h>
#include <sipring/core/message/uri_writer.h>
#include <sipring/core/result.h>

#include <optional>
#include <span>
#include <string_view>

namespace sipring {

// Views are raw wire octets: visual separators and escapes stay.
struct TelUri {
  bool is_global = false;  // the number begins with "+" and is valid everywhere
  bool npdi = false;       // the portability database has been asked (RFC 4694)
  Forgiven forgiven;
  std::string_view text;        // the whole text
  std::string_view number;      // with its "+"
  std::string_view extension;   // ext; empty when absent
  std::string_view subaddress;  // isub
  std::string_view context;  // phone-context: a domain, or "+" and digits; never empty when local
  std::string_view rn;       // routing number (RFC 4694)
  std::string_view cic;      // carrier identification code (RFC 4694)
  std::string_view parameters;  // all of them in their order, from the first ';'
};

// "tel:" and a telephone-subscriber, no more. A local number without phone-context is
// ParseErrorCode::phone_context. ParseErrorCode::parameter: a name that comes twice, ext beside
// isub, a value that breaks its rule, more than 32 parameters.
Parsed<TelUri> parse_tel_uri(std::string_view text);
// The user of a SIP URI with user=phone: "#" is "%23" there, and a local number needs no context
// when `host` gives it one (section 19.1.1), so it may be absent.
Parsed<TelUri> parse_telephone_subscriber(std::string_view user);

[[nodiscard]] inline UriComponents tel_parameters(const TelUri& tel) {
  return {tel.parameters, ';'};
}
// The value of a parameter; "" when it has none; nullopt when absent. Names without case.
[[nodiscard]] std::optional<std::string_view> tel_parameter(const TelUri& tel,
                                                            std::string_view name);
// A parameter "m-..." is there: who does not know it must not use the URI (RFC 3966 section 5.4).
[[nodiscard]] bool has_mandatory_parameter(const TelUri& tel);

[[nodiscard]] constexpr bool is_visual_separator(char octet) {
  return octet == '-' || octet == '.' || octet == '(' || octet == ')';
}
// The number as it is dialled: "+" where it is global, no visual separators, no escapes. As many
// octets of `room` as the number has are enough.
[[nodiscard]] UriText write_digits(const TelUri& tel, std::span<char> room);

// RFC 3966 section 4: the same digits, both global or both local, the same parameters in any order;
// nothing with case. Visual separators do not count, neither in the number nor in ext, rn, cic and
// contexts that are numbers. Unlike those of SIP, all parameters must be in both: this relation is
// an equivalence.
[[nodiscard]] bool is_equivalent(const TelUri& a, const TelUri& b);

// RFC 3261 section 19.1.6: "sip:", the subscriber with all its parameters as the user, `host`, and
// user=phone.
[[nodiscard]] UriText write_sip_uri(const TelUri& tel, std::string_view host, std::span<char> room);

}  // namespace sipring
