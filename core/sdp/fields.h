// The values of the lines that are no attributes: RFC 8866 section 5. A parse function each, over
// the text behind "x=". sdp::parse has used them once on every line: those of c= and m= lines
// cannot fail any more, the others only where it has noted that a line makes no sense.
//
// Lifetime: views point into the value. Reading is tolerant, strictly() refuses what was forgiven.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>
#include <sipring/core/sdp/detail/words.h>

#include <cstdint>
#include <string_view>

namespace sipring::sdp {

// Whether a description is understood without a line of this type, so that one which makes no sense
// is noted and left aside: all but v=, c= and m=.
[[nodiscard]] constexpr bool is_dispensable(char type) {
  return type != 'v' && type != 'c' && type != 'm';
}

// Section 5.2. A username may be of several words, or absent; who wrote it is told nowhere else.
// The numbers have any length, so they stay texts (compare_numbers() of changes.h).
struct Origin {
  std::string_view username;  // "-", or empty where it is absent: none
  std::string_view session_id;
  std::string_view session_version;
  std::string_view network_type;  // "IN"
  std::string_view address_type;  // "IP4", "IP6"
  std::string_view address;
  Forgiven forgiven;
};
Parsed<Origin> parse_origin(std::string_view value);

// Section 5.7.
struct Connection {
  std::string_view network_type;
  std::string_view address_type;
  std::string_view address;  // without what follows a "/"
  std::string_view suffix;   // TTL and number of multicast addresses: "127/3"; empty: none
  Forgiven forgiven;
};
Parsed<Connection> parse_connection(std::string_view value);
// The address that once meant hold (RFC 3264 section 8.4): 0.0.0.0, and :: for IPv6.
[[nodiscard]] bool is_null_address(const Connection& connection);

// Section 5.8.
struct Bandwidth {
  std::string_view type;    // "AS", "CT", "TIAS", "RS", "RR" ...
  std::uint64_t value = 0;  // kilobits a second for AS and CT, bits a second for TIAS, RS, RR
  Forgiven forgiven;
};
Parsed<Bandwidth> parse_bandwidth(std::string_view value);

// Section 5.9: seconds since 1900; 0: unbounded.
struct Timing {
  std::uint64_t start = 0;
  std::uint64_t stop = 0;
  Forgiven forgiven;
};
Parsed<Timing> parse_timing(std::string_view value);

// Section 5.10: seconds, the units taken into account.
struct Repeat {
  std::uint64_t interval = 0;
  std::uint64_t duration = 0;
  std::string_view offsets;  // one or more typed times: for (auto word : Words(offsets))
  Forgiven forgiven;
};
Parsed<Repeat> parse_repeat(std::string_view value);
// A number with an optional unit (d, h, m, s), in seconds. A "-" before it is not part of it.
Parsed<std::uint64_t> parse_typed_time(std::string_view word);

// Section 5.11: pairs of a time and an offset, which may have a "-".
struct Zones {
  std::string_view pairs;  // the words, two by two
  Forgiven forgiven;
};
Parsed<Zones> parse_zones(std::string_view value);

// Section 5.12, obsolete: a key in clear text.
struct Key {
  std::string_view method;  // "prompt", "clear", "base64", "uri"
  std::string_view key;     // empty for "prompt"
  Forgiven forgiven;
};
Parsed<Key> parse_key(std::string_view value);

// Section 5.14.
struct MediaLine {
  std::string_view kind;   // "audio", "video", "image", "application" ...
  std::uint16_t port = 0;  // 0: rejected or not in use (RFC 3264 sections 5.1, 6)
  std::uint16_t port_count = 1;
  std::string_view protocol;  // "RTP/AVP", "UDP/TLS/RTP/SAVPF", "udptl" ...
  std::string_view formats;   // mostly one or more: for (auto format : Words(formats))
  Forgiven forgiven;
};
Parsed<MediaLine> parse_media_line(std::string_view value);

// Section 5.13: "name" or "name:value".
struct Attribute {
  std::string_view name;
  std::string_view value;
  bool has_value = false;
};

}  // namespace sipring::sdp
