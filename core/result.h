// A peer's mistake is a value. Parsing says what, where and by which rule.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

namespace sipring {

// What is wrong with a text. The enumerator names the rule that was broken.
enum class ParseErrorCode : std::uint8_t {
  none,
  incomplete,         // the text ends before the production does
  start_line,         // neither a Request-Line nor a Status-Line (RFC 3261 section 7.1, 7.2)
  sip_version,        // not SIP/2.0 (section 7.1)
  method,             // not a token
  request_uri,        // not a URI (section 25.1)
  status_code,        // not three digits from 100 to 699 (section 7.2)
  header_name,        // a header field without "token HCOLON" (section 7.3.1)
  header_value,       // a control octet inside a value (section 25.1)
  line_ending,        // a line that does not end in CRLF (section 7)
  too_many_headers,   // more header fields than Limits::headers
  message_too_large,  // more octets than Limits::message_bytes
  missing_header,     // a mandatory header field is absent (section 8.1.1)
  repeated_header,    // a header field that may come once comes twice (section 7.3.1)
  content_length,     // not a number, or more than there is (section 18.3, 20.14)
  via,                // section 20.42
  address,            // name-addr, addr-spec (section 20.10)
  uri,                // section 19.1, 25.1
  host,               // hostname, IPv4address, IPv6reference (section 25.1)
  port,               // 1*DIGIT from 1 to 65535 (section 25.1)
  cseq,               // section 20.16
  call_id,            // section 20.8
  number,             // delta-seconds, Max-Forwards ... (section 20)
  parameter,          // generic-param (section 25.1)
  multipart,          // a boundary that is none, no delimiter line, or nested too deeply (RFC 2046
                      // section 5.1)
};

std::string_view to_string(ParseErrorCode code);    // "header_name"
std::string_view rfc_section(ParseErrorCode code);  // "RFC 3261 section 7.3.1"
std::string_view explanation(ParseErrorCode code);  // one sentence for a human

struct ParseError {
  ParseErrorCode code = ParseErrorCode::none;
  std::uint32_t offset = 0;  // of the first octet that cannot be part of the production
  friend bool operator==(const ParseError&, const ParseError&) = default;
};

template <class T>
using Parsed = std::expected<T, ParseError>;

}  // namespace sipring
