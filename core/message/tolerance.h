// Strict and tolerant reading. A parser reads tolerantly: it takes what can be understood without
// doubt and notes what it forgave. Who wants to be strict turns the first note into an error:
//
//   parse_via(value)            tolerant: what was let pass is in its `forgiven`
//   strictly(parse_via(value))  refuses what the grammar refuses
//
// So strict never accepts what tolerant refuses, and the hot path pays for neither.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace sipring {

// What the grammar refuses and tolerant reading lets pass.
enum class Forgiveness : std::uint8_t {
  bare_line_feed,      // LF without CR ends a line (RFC 3261 section 7)
  underscore_in_host,  // a host name with "_" (section 25.1)
  unescaped_in_user,   // one of # [ ] { } | \ ^ ` in a URI's user or password (section 25.1)
  unescaped_in_uri_parameter,  // one of , # { } | \ ^ `, or "=" within the value
  unescaped_in_uri_header,     // one of , ; @ # { } | \ ^ `, or "=" within the value
  empty_user,                  // "sip:@host": read as a URI without user (section 19.1.1)
  empty_uri_parameter,         // ";;", a ";" at the end, "name=" without a value
  escaped_in_number,           // "%23" for # in a tel URI (RFC 3966 section 3)
  quoted_token,                // quotes around what must stand without (RFC 7616 section 3.3, 3.4)
  unquoted_string,             // no quotes around what must have them (the same)
  upper_case_hex,              // A-F where the grammar has a-f: nc (RFC 3261 section 25.1)
  missing_brackets,            // a URI that should stand between < and > (section 20.34)
  malformed_expires,           // a Contact whose expires is no number: 3600 (section 10.2)
  surplus_identity,            // an asserted identity beyond one sip or sips and one tel (RFC 3325)
  comma_for_semicolon,         // Privacy values with "," between them (RFC 3323 section 4.2)
  white_space_in_start_line,   // more than one space in it, or some at its end (section 7.1, 7.2)
  missing_reason_space,        // a Status-Line that ends in its status (section 7.2)
  repeated_content_length,     // the same Content-Length once more (section 20.14)
  not_utf8,                    // octets above ASCII that are no UTF-8 (section 25.1, RFC 3629)
  loose_display_name,          // a display name with octets that need quotes (section 25.1)
  white_space_in_brackets,     // white space between < and the URI, or the URI and > (section 25.1)
  bracketed_received,          // brackets round the address of received (RFC 5118 section 4.5)
  empty_element,               // nothing between two commas, or behind the last one (section 7.3.1)
  headers_in_request_uri,      // header fields in the Request-URI (section 19.1.1)
  missing_max_forwards,        // a request without Max-Forwards, as of RFC 2543 (section 8.1.1.6)
  missing_branch,              // a request whose top Via has no branch of its own (section 8.1.1.7)
  missing_from_tag,            // a request whose From has no tag, as of RFC 2543 (section 8.1.1.3)
  no_close_delimiter,          // a multipart body without its last line (RFC 2046 section 5.1.1)
  no_line_ending,        // a message/sipfrag whose last line does not end (RFC 3420 section 2)
  loose_value,           // a parameter value that is neither token, host nor quoted (section 25.1)
  empty_parameter,       // ";;", a ";" at the end, "name=" among header parameters (section 25.1)
  malformed_parameter,   // a known parameter that breaks its rule: passed over (section 25.1)
  loose_call_id,         // a Call-ID with octets that no word has (section 25.1)
  unread_value,          // a header field that nobody acts on and that cannot be read (section 20)
  repeated_idle_header,  // one that may come once and comes twice; nobody acts on it (section 20)
  loose_date,            // a day of one digit, another weekday than the day's (section 20.17)
  missing_port,          // "host:" without a port, or port 0: read as no port (section 25.1)
  zone_in_host,          // an IPv6 reference with a zone (RFC 4007 section 11)
  // A host name with an empty label, or a "-" or digit where none may be (section 25.1).
  loose_host,
  quoted_in_uri,  // a quoted string in a URI between < and > (section 19.1.1)
  // A header component of a URI without "=", or without anything (section 19.1.1).
  empty_uri_header,
  missing_phone_context,  // a local number without phone-context (RFC 3966 section 5.1.5)
  malformed_number,   // a tel URI that is no telephone-subscriber: kept whole (RFC 3966 section 3)
  number_too_large,   // seconds above 2^32-1: read as 2^32-1 (section 20.19)
  sdp_line_end,       // LF alone ends a line of SDP, or the text ends without (RFC 8866 section 5)
  sdp_line_missing,   // no s=, t= or c=
  sdp_line_unknown,   // a line of a type that SDP has not
  sdp_line_order,     // lines in another order, or twice
  sdp_white_space,    // more than the one space, or around a value
  sdp_value_missing,  // an empty s=, an rtpmap without its clock rate
  sdp_value,          // other octets or numbers than the rule's that cannot be misunderstood
  missing_to_tag,     // a response, 100 apart, whose To has no tag (section 8.2.6.2)
  missing_header,     // what a method or a status must have beside (mandatory_headers.h)
  missing_content_type,  // a body without its type (section 20.15)
  surplus_contact,       // several Contacts where a dialog needs one: the first counts (8.1.1.8)
  no_body_part,          // a multipart body without any part (RFC 2046 section 5.1.1)
  count,
};
[[nodiscard]] std::string_view to_string(Forgiveness forgiveness);    // "bare_line_feed"
[[nodiscard]] ParseErrorCode error_code_of(Forgiveness forgiveness);  // what strict reading says
[[nodiscard]] std::string_view explanation(Forgiveness forgiveness);  // one sentence for a human

// The kinds that were forgiven in one text, and where the first one stood.
class Forgiven {
 public:
  [[nodiscard]] bool empty() const { return kinds_ == 0; }
  [[nodiscard]] bool has(Forgiveness kind) const { return (kinds_ >> bit(kind) & 1) != 0; }
  // Precondition: not empty().
  [[nodiscard]] Forgiveness first() const { return first_; }
  [[nodiscard]] std::uint32_t first_offset() const { return first_offset_; }
  friend bool operator==(const Forgiven&, const Forgiven&) = default;

  void add(Forgiveness kind, std::size_t offset) {
    const auto at = static_cast<std::uint32_t>(offset);
    if (empty() || at < first_offset_) first_ = kind, first_offset_ = at;
    kinds_ |= std::uint64_t{1} << bit(kind);
  }
  // Those of a part that begins at `offset`.
  void add(const Forgiven& part, std::size_t offset) {
    if (part.empty()) return;
    const std::uint64_t kinds = kinds_ | part.kinds_;
    add(part.first_, offset + part.first_offset_);
    kinds_ = kinds;
  }

 private:
  static constexpr unsigned bit(Forgiveness kind) { return std::to_underlying(kind); }
  static_assert(std::to_underlying(Forgiveness::count) <= 64);

  std::uint64_t kinds_ = 0;
  std::uint32_t first_offset_ = 0;
  Forgiveness first_{};  // all zero: results are cleared in one go
};

// `T` has a member `forgiven`.
template <class T>
[[nodiscard]] Parsed<T> strictly(Parsed<T> parsed) {
  if (!parsed || parsed->forgiven.empty()) return parsed;
  const Forgiven& forgiven = parsed->forgiven;
  return std::unexpected(ParseError{error_code_of(forgiven.first()), forgiven.first_offset()});
}

}  // namespace sipring
