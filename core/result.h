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
  incomplete,            // the text ends before the production does
  start_line,            // neither a Request-Line nor a Status-Line (RFC 3261 section 7.1, 7.2)
  sip_version,           // not SIP/2.0 (section 7.1)
  method,                // not a token
  request_uri,           // not a URI (section 25.1)
  status_code,           // not three digits from 100 to 699 (section 7.2)
  header_name,           // a header field without "token HCOLON" (section 7.3.1)
  header_value,          // a control octet inside a value (section 25.1)
  line_ending,           // a line that does not end in CRLF (section 7)
  too_many_headers,      // more header fields than Limits::headers
  message_too_large,     // more octets than Limits::message_bytes
  missing_header,        // a mandatory header field is absent (section 8.1.1)
  repeated_header,       // a header field that may come once comes twice (section 7.3.1)
  content_length,        // not a number, or more than there is (section 18.3, 20.14)
  via,                   // section 20.42
  address,               // name-addr, addr-spec (section 20.10)
  uri,                   // section 19.1, 25.1
  host,                  // hostname, IPv4address, IPv6reference (section 25.1)
  port,                  // 1*DIGIT from 1 to 65535 (section 25.1)
  cseq,                  // section 20.16
  call_id,               // section 20.8
  number,                // delta-seconds, Max-Forwards ... (section 20)
  parameter,             // generic-param (section 25.1)
  escape,                // "%" without two hexadecimal digits (section 19.1.2)
  tel_uri,               // telephone-subscriber (RFC 3966 section 3)
  phone_context,         // a local number says where it is valid (RFC 3966 section 5.1.5)
  token,                 // token (section 25.1): option tags, methods, event packages ...
  text,                  // TEXT-UTF8-TRIM (section 25.1)
  media_type,            // section 20.15, 20.1
  message_id,            // Content-ID (RFC 8262 section 3)
  date,                  // section 20.17
  timestamp,             // section 20.38
  rack,                  // RFC 3262 section 7.2
  product,               // server-val (section 20.35, 20.41)
  warning,               // section 20.43
  authentication,        // challenge, credentials, ainfo (section 25.1, RFC 7616)
  field_value,           // what stands before the parameters breaks its rule (section 20)
  missing_parameter,     // a parameter that must be there is not (section 20)
  head_too_large,        // more octets before the body than ParseLimits::head_bytes
  header_too_long,       // a header field longer than ParseLimits::header_bytes
  too_many_parameters,   // more parameters in a header field than ParseLimits::parameters
  request_uri_too_long,  // a Request-URI longer than ParseLimits::request_uri_bytes
  body_too_large,        // a body longer than ParseLimits::body_bytes
  nesting_too_deep,      // multipart bodies inside one another beyond ParseLimits::multipart_depth
  not_utf8,              // octets above ASCII that are no UTF-8 (section 25.1)
  // A boundary that is none, no delimiter line, or nested too deeply (RFC 2046 section 5.1).
  multipart,
  sdp_line,           // not "type=value" (RFC 8866 section 5)
  sdp_line_end,       // a line that does not end in CRLF
  sdp_line_order,     // a line where section 5 has none of its type, or twice what comes once
  sdp_missing_line,   // v=, o=, s=, t= or c= is absent
  sdp_white_space,    // where there is none, or more than the one space
  sdp_too_large,      // more lines, media or octets than there is room for
  sdp_version,        // section 5.1
  sdp_origin,         // section 5.2
  sdp_value,          // octets, a number or an absence that a rule does not allow (section 9)
  sdp_connection,     // section 5.7
  sdp_bandwidth,      // section 5.8
  sdp_time,           // t=, r=, z= (sections 5.9 to 5.11)
  sdp_key,            // section 5.12
  sdp_attribute,      // an attribute's name, or the value of one that has no code here
  sdp_media,          // section 5.14
  sdp_rtpmap,         // section 6.6
  sdp_fmtp,           // section 6.15
  sdp_number,         // ptime, maxptime, framerate, sctp-port
  sdp_rtcp,           // RFC 3605 section 2.1
  sdp_rtcp_feedback,  // RFC 4585 section 4.2
  sdp_ice,            // RFC 8839 section 5.4
  sdp_candidate,      // RFC 8839 section 5.1
  sdp_fingerprint,    // RFC 8122 section 5
  sdp_setup,          // setup and connection (RFC 4145 sections 4, 5)
  sdp_crypto,         // RFC 4568 section 9
  sdp_source,         // ssrc and ssrc-group (RFC 5576 section 4)
  sdp_group,          // group and mid (RFC 5888 sections 4, 5)
  sdp_msid,           // RFC 8830 section 2
  sdp_extmap,         // RFC 8285 section 8
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
