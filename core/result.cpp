// The texts behind ParseErrorCode: its name, the rule, and a sentence for whoever sent the message.
// SPDX-License-Identifier: MIT
#include <sipring/core/result.h>

#include <array>
#include <cstddef>

namespace sipring {
namespace {

struct Description {
  ParseErrorCode code;
  std::string_view name, section, explanation;
};

// In the order of the enumeration, so that a code is an index.
constexpr std::array descriptions{
    Description{ParseErrorCode::none, "none", "", "nothing is wrong"},
    Description{ParseErrorCode::incomplete, "incomplete", "RFC 3261 section 18.3",
                "the octets end before the message does"},
    Description{ParseErrorCode::start_line, "start_line", "RFC 3261 section 7",
                "the first line is neither a Request-Line nor a Status-Line"},
    Description{ParseErrorCode::sip_version, "sip_version", "RFC 3261 section 7.1",
                "the version is not SIP/2.0"},
    Description{ParseErrorCode::method, "method", "RFC 3261 section 7.1",
                "the method is not a token followed by one space"},
    Description{
        ParseErrorCode::request_uri, "request_uri", "RFC 3261 section 7.1",
        "the Request-URI is absent, begins with no letter, or holds an octet that no URI has"},
    Description{ParseErrorCode::status_code, "status_code", "RFC 3261 section 7.2",
                "the status code is not three digits from 100 to 699"},
    Description{ParseErrorCode::header_name, "header_name", "RFC 3261 section 7.3.1",
                "a header field does not begin with a name and a colon"},
    Description{ParseErrorCode::header_value, "header_value", "RFC 3261 section 25.1",
                "a header field's value holds a control octet that is not escaped"},
    Description{ParseErrorCode::line_ending, "line_ending", "RFC 3261 section 7",
                "a line does not end in CRLF"},
    Description{ParseErrorCode::too_many_headers, "too_many_headers", "RFC 3261 section 7.3",
                "there are more header fields than this element takes"},
    Description{ParseErrorCode::message_too_large, "message_too_large", "RFC 3261 section 18.1.1",
                "the message has more octets than this element takes"},
    Description{ParseErrorCode::missing_header, "missing_header", "RFC 3261 section 8.1.1",
                "a mandatory header field is absent"},
    Description{ParseErrorCode::repeated_header, "repeated_header", "RFC 3261 section 7.3.1",
                "a header field that may come once comes twice"},
    Description{ParseErrorCode::content_length, "content_length", "RFC 3261 section 20.14",
                "Content-Length is not a number, or two of them differ"},
    Description{ParseErrorCode::via, "via", "RFC 3261 section 20.42",
                "a Via is not protocol, sent-by and parameters"},
    Description{ParseErrorCode::address, "address", "RFC 3261 section 20.10",
                "an address is neither name-addr nor addr-spec"},
    Description{ParseErrorCode::uri, "uri", "RFC 3261 section 19.1",
                "a URI holds an octet that its part does not allow"},
    Description{ParseErrorCode::host, "host", "RFC 3261 section 25.1",
                "a host is neither a name, an IPv4 address nor an IPv6 reference"},
    Description{ParseErrorCode::port, "port", "RFC 3261 section 25.1",
                "a port is not a number from 1 to 65535"},
    Description{ParseErrorCode::cseq, "cseq", "RFC 3261 section 20.16",
                "CSeq is not a number below 2^31 and a method"},
    Description{ParseErrorCode::call_id, "call_id", "RFC 3261 section 20.8",
                "Call-ID is not a word, or two words joined by @"},
    Description{ParseErrorCode::number, "number", "RFC 3261 section 20",
                "a number is missing, holds other octets than digits, or is too large"},
    Description{ParseErrorCode::parameter, "parameter", "RFC 3261 section 25.1",
                "a parameter is not a name with an optional value, or its value breaks its rule"},
    Description{ParseErrorCode::escape, "escape", "RFC 3261 section 19.1.2",
                "a % is not followed by two hexadecimal digits"},
    Description{ParseErrorCode::tel_uri, "tel_uri", "RFC 3966 section 3",
                "a tel URI is not a number and parameters"},
    Description{ParseErrorCode::phone_context, "phone_context", "RFC 3966 section 5.1.5",
                "a local number has no phone-context, or one that is neither a domain nor digits"},
    Description{ParseErrorCode::token, "token", "RFC 3261 section 25.1",
                "a word is missing, or holds an octet that no token has"},
    Description{ParseErrorCode::text, "text", "RFC 3261 section 25.1",
                "a text holds octets that are not UTF-8"},
    Description{ParseErrorCode::media_type, "media_type", "RFC 3261 section 20.15",
                "a media type is not type, / and subtype with parameters"},
    Description{ParseErrorCode::message_id, "message_id", "RFC 8262 section 3",
                "Content-ID is not two words joined by @ between < and >"},
    Description{
        ParseErrorCode::date, "date", "RFC 3261 section 20.17",
        "a date is not of the kind \"Sat, 13 Nov 2010 23:29:00 GMT\", or there is no such day"},
    Description{ParseErrorCode::timestamp, "timestamp", "RFC 3261 section 20.38",
                "Timestamp is not a decimal number with an optional delay"},
    Description{ParseErrorCode::rack, "rack", "RFC 3262 section 7.2",
                "RAck is not two numbers and a method"},
    Description{
        ParseErrorCode::product, "product", "RFC 3261 section 20.41",
        "a product is not a name with an optional version, and a comment is not in parentheses"},
    Description{ParseErrorCode::warning, "warning", "RFC 3261 section 20.43",
                "a warning is not three digits, a host or name, and a quoted text"},
    Description{ParseErrorCode::authentication, "authentication", "RFC 3261 section 25.1",
                "what authenticates is not a scheme with parameters, each a name and a value"},
    Description{ParseErrorCode::field_value, "field_value", "RFC 3261 section 20",
                "a header field's value is not what its production asks for"},
    Description{ParseErrorCode::missing_parameter, "missing_parameter", "RFC 3261 section 20",
                "a header field lacks a parameter that it must have"},
    Description{ParseErrorCode::head_too_large, "head_too_large", "RFC 3261 section 21.5.7",
                "the header fields have more octets than this element takes"},
    Description{ParseErrorCode::header_too_long, "header_too_long", "RFC 3261 section 21.5.7",
                "a header field has more octets than this element takes"},
    Description{ParseErrorCode::too_many_parameters, "too_many_parameters",
                "RFC 3261 section 7.3.1",
                "a header field has more parameters than this element takes"},
    Description{ParseErrorCode::request_uri_too_long, "request_uri_too_long",
                "RFC 3261 section 21.4.12",
                "the Request-URI has more octets than this element takes"},
    Description{ParseErrorCode::body_too_large, "body_too_large", "RFC 3261 section 21.4.11",
                "the body has more octets than this element takes"},
    Description{ParseErrorCode::nesting_too_deep, "nesting_too_deep", "RFC 5621 section 3",
                "multipart bodies are inside one another more deeply than this element takes"},
    Description{ParseErrorCode::not_utf8, "not_utf8", "RFC 3629 section 3",
                "octets above ASCII are not UTF-8"},
    Description{ParseErrorCode::multipart, "multipart", "RFC 2046 section 5.1",
                "a multipart body has no delimiter line, or no boundary"},
    Description{ParseErrorCode::sdp_line, "sdp_line", "RFC 8866 section 5",
                "a line of a session description is not a letter, = and a value"},
    Description{ParseErrorCode::sdp_line_end, "sdp_line_end", "RFC 8866 section 5",
                "a line of a session description does not end in CRLF"},
    Description{ParseErrorCode::sdp_line_order, "sdp_line_order", "RFC 8866 section 5",
                "a line of a session description stands where its type has no place"},
    Description{ParseErrorCode::sdp_missing_line, "sdp_missing_line", "RFC 8866 section 5",
                "a mandatory line of a session description is absent"},
    Description{
        ParseErrorCode::sdp_white_space, "sdp_white_space", "RFC 8866 section 5",
        "a session description has white space where there is none, or more than one space"},
    Description{ParseErrorCode::sdp_too_large, "sdp_too_large", "RFC 8866 section 5",
                "a session description has more lines, media or octets than this element takes"},
    Description{ParseErrorCode::sdp_version, "sdp_version", "RFC 8866 section 5.1",
                "a session description does not begin with v=0"},
    Description{ParseErrorCode::sdp_origin, "sdp_origin", "RFC 8866 section 5.2",
                "o= is not user, two numbers and an address"},
    Description{
        ParseErrorCode::sdp_value, "sdp_value", "RFC 8866 section 9",
        "a value of SDP is empty, or has an octet or a number that its rule does not allow"},
    Description{ParseErrorCode::sdp_connection, "sdp_connection", "RFC 8866 section 5.7",
                "c= is not network type, address type and address"},
    Description{ParseErrorCode::sdp_bandwidth, "sdp_bandwidth", "RFC 8866 section 5.8",
                "b= is not a type, a colon and a number"},
    Description{ParseErrorCode::sdp_time, "sdp_time", "RFC 8866 section 5.9",
                "t=, r= or z= is not made of times"},
    Description{ParseErrorCode::sdp_key, "sdp_key", "RFC 8866 section 5.12",
                "k= is not a known method with its key"},
    Description{ParseErrorCode::sdp_attribute, "sdp_attribute", "RFC 8866 section 5.13",
                "an attribute is not a name with an optional value that its rule allows"},
    Description{ParseErrorCode::sdp_media, "sdp_media", "RFC 8866 section 5.14",
                "m= is not media, port, protocol and formats"},
    Description{ParseErrorCode::sdp_rtpmap, "sdp_rtpmap", "RFC 8866 section 6.6",
                "rtpmap is not payload type, encoding name and clock rate"},
    Description{ParseErrorCode::sdp_fmtp, "sdp_fmtp", "RFC 8866 section 6.15",
                "fmtp is not a format and its parameters"},
    Description{ParseErrorCode::sdp_number, "sdp_number", "RFC 8866 section 6",
                "a number is missing, holds other octets than digits, or is too large"},
    Description{ParseErrorCode::sdp_rtcp, "sdp_rtcp", "RFC 3605 section 2.1",
                "rtcp is not a port with an optional address"},
    Description{ParseErrorCode::sdp_rtcp_feedback, "sdp_rtcp_feedback", "RFC 4585 section 4.2",
                "rtcp-fb is not a payload type or * and a feedback type"},
    Description{ParseErrorCode::sdp_ice, "sdp_ice", "RFC 8839 section 5.4",
                "an ICE user fragment, password or option has a wrong length or octet"},
    Description{
        ParseErrorCode::sdp_candidate, "sdp_candidate", "RFC 8839 section 5.1",
        "a candidate is not foundation, component, transport, priority, address, port and type"},
    Description{ParseErrorCode::sdp_fingerprint, "sdp_fingerprint", "RFC 8122 section 5",
                "a fingerprint is not a hash function and pairs of hexadecimal digits"},
    Description{ParseErrorCode::sdp_setup, "sdp_setup", "RFC 4145 section 4",
                "setup or connection has none of its values"},
    Description{ParseErrorCode::sdp_crypto, "sdp_crypto", "RFC 4568 section 9.1",
                "crypto is not tag, suite and keys"},
    Description{ParseErrorCode::sdp_source, "sdp_source", "RFC 5576 section 4",
                "ssrc or ssrc-group is not made of 32-bit numbers and what belongs to them"},
    Description{ParseErrorCode::sdp_group, "sdp_group", "RFC 5888 section 4",
                "a group or mid is not made of tokens"},
    Description{ParseErrorCode::sdp_msid, "sdp_msid", "RFC 8830 section 2",
                "msid is not one or two identifiers of 64 octets at most"},
    Description{ParseErrorCode::sdp_extmap, "sdp_extmap", "RFC 8285 section 8",
                "extmap is not a number, an optional direction and a URI"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < descriptions.size(); ++i)
    if (static_cast<std::size_t>(descriptions[i].code) != i) return false;
  return true;
}
static_assert(in_order());

const Description& describe(ParseErrorCode code) {
  return descriptions[static_cast<std::size_t>(code)];
}

}  // namespace

std::string_view to_string(ParseErrorCode code) {
  return describe(code).name;
}
std::string_view rfc_section(ParseErrorCode code) {
  return describe(code).section;
}
std::string_view explanation(ParseErrorCode code) {
  return describe(code).explanation;
}

}  // namespace sipring
