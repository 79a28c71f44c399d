// SPDX-License-Identifier: MIT
#include <sipring/core/message/tolerance.h>

namespace sipring {

std::string_view to_string(Forgiveness forgiveness) {
  switch (forgiveness) {
    case Forgiveness::bare_line_feed: return "bare_line_feed";
    case Forgiveness::underscore_in_host: return "underscore_in_host";
    case Forgiveness::unescaped_in_user: return "unescaped_in_user";
    case Forgiveness::unescaped_in_uri_parameter: return "unescaped_in_uri_parameter";
    case Forgiveness::unescaped_in_uri_header: return "unescaped_in_uri_header";
    case Forgiveness::empty_user: return "empty_user";
    case Forgiveness::empty_uri_parameter: return "empty_uri_parameter";
    case Forgiveness::escaped_in_number: return "escaped_in_number";
    case Forgiveness::quoted_token: return "quoted_token";
    case Forgiveness::unquoted_string: return "unquoted_string";
    case Forgiveness::upper_case_hex: return "upper_case_hex";
    case Forgiveness::missing_brackets: return "missing_brackets";
    case Forgiveness::malformed_expires: return "malformed_expires";
    case Forgiveness::surplus_identity: return "surplus_identity";
    case Forgiveness::comma_for_semicolon: return "comma_for_semicolon";
    case Forgiveness::white_space_in_start_line: return "white_space_in_start_line";
    case Forgiveness::missing_reason_space: return "missing_reason_space";
    case Forgiveness::repeated_content_length: return "repeated_content_length";
    case Forgiveness::not_utf8: return "not_utf8";
    case Forgiveness::loose_display_name: return "loose_display_name";
    case Forgiveness::white_space_in_brackets: return "white_space_in_brackets";
    case Forgiveness::bracketed_received: return "bracketed_received";
    case Forgiveness::empty_element: return "empty_element";
    case Forgiveness::headers_in_request_uri: return "headers_in_request_uri";
    case Forgiveness::missing_max_forwards: return "missing_max_forwards";
    case Forgiveness::missing_branch: return "missing_branch";
    case Forgiveness::missing_from_tag: return "missing_from_tag";
    case Forgiveness::missing_to_tag: return "missing_to_tag";
    case Forgiveness::missing_header: return "missing_header";
    case Forgiveness::missing_content_type: return "missing_content_type";
    case Forgiveness::surplus_contact: return "surplus_contact";
    case Forgiveness::no_body_part: return "no_body_part";
    case Forgiveness::no_close_delimiter: return "no_close_delimiter";
    case Forgiveness::no_line_ending: return "no_line_ending";
    case Forgiveness::loose_value: return "loose_value";
    case Forgiveness::empty_parameter: return "empty_parameter";
    case Forgiveness::malformed_parameter: return "malformed_parameter";
    case Forgiveness::loose_call_id: return "loose_call_id";
    case Forgiveness::unread_value: return "unread_value";
    case Forgiveness::repeated_idle_header: return "repeated_idle_header";
    case Forgiveness::loose_date: return "loose_date";
    case Forgiveness::missing_port: return "missing_port";
    case Forgiveness::zone_in_host: return "zone_in_host";
    case Forgiveness::loose_host: return "loose_host";
    case Forgiveness::quoted_in_uri: return "quoted_in_uri";
    case Forgiveness::empty_uri_header: return "empty_uri_header";
    case Forgiveness::missing_phone_context: return "missing_phone_context";
    case Forgiveness::malformed_number: return "malformed_number";
    case Forgiveness::number_too_large: return "number_too_large";
    case Forgiveness::sdp_line_end: return "sdp_line_end";
    case Forgiveness::sdp_line_missing: return "sdp_line_missing";
    case Forgiveness::sdp_line_unknown: return "sdp_line_unknown";
    case Forgiveness::sdp_line_order: return "sdp_line_order";
    case Forgiveness::sdp_white_space: return "sdp_white_space";
    case Forgiveness::sdp_value_missing: return "sdp_value_missing";
    case Forgiveness::sdp_value: return "sdp_value";
    case Forgiveness::count: break;
  }
  return "";
}

ParseErrorCode error_code_of(Forgiveness forgiveness) {
  switch (forgiveness) {
    case Forgiveness::bare_line_feed: return ParseErrorCode::line_ending;
    case Forgiveness::underscore_in_host: return ParseErrorCode::host;
    case Forgiveness::unescaped_in_user: return ParseErrorCode::uri;
    case Forgiveness::unescaped_in_uri_parameter: return ParseErrorCode::uri;
    case Forgiveness::unescaped_in_uri_header: return ParseErrorCode::uri;
    case Forgiveness::empty_user: return ParseErrorCode::uri;
    case Forgiveness::empty_uri_parameter: return ParseErrorCode::uri;
    case Forgiveness::escaped_in_number: return ParseErrorCode::uri;
    case Forgiveness::quoted_token: return ParseErrorCode::parameter;
    case Forgiveness::unquoted_string: return ParseErrorCode::parameter;
    case Forgiveness::upper_case_hex: return ParseErrorCode::parameter;
    case Forgiveness::missing_brackets: return ParseErrorCode::address;
    case Forgiveness::malformed_expires: return ParseErrorCode::parameter;
    case Forgiveness::surplus_identity: return ParseErrorCode::repeated_header;
    case Forgiveness::comma_for_semicolon: return ParseErrorCode::field_value;
    case Forgiveness::white_space_in_start_line: return ParseErrorCode::start_line;
    case Forgiveness::missing_reason_space: return ParseErrorCode::start_line;
    case Forgiveness::repeated_content_length: return ParseErrorCode::repeated_header;
    case Forgiveness::not_utf8: return ParseErrorCode::not_utf8;
    case Forgiveness::loose_display_name: return ParseErrorCode::address;
    case Forgiveness::white_space_in_brackets: return ParseErrorCode::address;
    case Forgiveness::bracketed_received: return ParseErrorCode::parameter;
    case Forgiveness::empty_element: return ParseErrorCode::header_value;
    case Forgiveness::headers_in_request_uri: return ParseErrorCode::request_uri;
    case Forgiveness::missing_max_forwards: return ParseErrorCode::missing_header;
    case Forgiveness::missing_branch: return ParseErrorCode::via;
    case Forgiveness::missing_from_tag: return ParseErrorCode::address;
    case Forgiveness::missing_to_tag: return ParseErrorCode::address;
    case Forgiveness::missing_header: return ParseErrorCode::missing_header;
    case Forgiveness::missing_content_type: return ParseErrorCode::missing_header;
    case Forgiveness::surplus_contact: return ParseErrorCode::repeated_header;
    case Forgiveness::no_body_part: return ParseErrorCode::multipart;
    case Forgiveness::no_close_delimiter: return ParseErrorCode::multipart;
    case Forgiveness::no_line_ending: return ParseErrorCode::line_ending;
    case Forgiveness::loose_value: return ParseErrorCode::parameter;
    case Forgiveness::empty_parameter: return ParseErrorCode::parameter;
    case Forgiveness::malformed_parameter: return ParseErrorCode::parameter;
    case Forgiveness::loose_call_id: return ParseErrorCode::call_id;
    case Forgiveness::unread_value: return ParseErrorCode::field_value;
    case Forgiveness::repeated_idle_header: return ParseErrorCode::repeated_header;
    case Forgiveness::loose_date: return ParseErrorCode::date;
    case Forgiveness::missing_port: return ParseErrorCode::port;
    case Forgiveness::zone_in_host: return ParseErrorCode::host;
    case Forgiveness::loose_host: return ParseErrorCode::host;
    case Forgiveness::quoted_in_uri: return ParseErrorCode::uri;
    case Forgiveness::empty_uri_header: return ParseErrorCode::uri;
    case Forgiveness::missing_phone_context: return ParseErrorCode::phone_context;
    case Forgiveness::malformed_number: return ParseErrorCode::tel_uri;
    case Forgiveness::number_too_large: return ParseErrorCode::number;
    case Forgiveness::sdp_line_end: return ParseErrorCode::sdp_line_end;
    case Forgiveness::sdp_line_missing: return ParseErrorCode::sdp_missing_line;
    case Forgiveness::sdp_line_unknown: return ParseErrorCode::sdp_line;
    case Forgiveness::sdp_line_order: return ParseErrorCode::sdp_line_order;
    case Forgiveness::sdp_white_space: return ParseErrorCode::sdp_white_space;
    case Forgiveness::sdp_value_missing: return ParseErrorCode::sdp_value;
    case Forgiveness::sdp_value: return ParseErrorCode::sdp_value;
    case Forgiveness::count: break;
  }
  return ParseErrorCode::none;
}

std::string_view explanation(Forgiveness forgiveness) {
  switch (forgiveness) {
    case Forgiveness::bare_line_feed: return "a line ends in LF alone, not in CRLF";
    case Forgiveness::underscore_in_host: return "a host name has an underscore";
    case Forgiveness::unescaped_in_user:
      return "the user of a URI has an octet that must be escaped";
    case Forgiveness::unescaped_in_uri_parameter:
      return "a URI parameter has an octet that must be escaped";
    case Forgiveness::unescaped_in_uri_header:
      return "a header component of a URI has an octet that must be escaped";
    case Forgiveness::empty_user: return "a URI has nothing before its @";
    case Forgiveness::empty_uri_parameter: return "a URI parameter has no name or no value";
    case Forgiveness::escaped_in_number: return "the number of a tel URI has an escape";
    case Forgiveness::quoted_token: return "a value has quotes that must stand without";
    case Forgiveness::unquoted_string: return "a value has no quotes that must have them";
    case Forgiveness::upper_case_hex: return "a hexadecimal digit is in upper case";
    case Forgiveness::missing_brackets: return "a URI has no < and > round it";
    case Forgiveness::malformed_expires: return "the expires of a Contact is not a number";
    case Forgiveness::surplus_identity:
      return "there is more than one identity of a kind, or one that is neither sip, sips nor tel";
    case Forgiveness::comma_for_semicolon: return "the values of Privacy have commas between them";
    case Forgiveness::white_space_in_start_line:
      return "the start line has more than one space in a place, or white space at its end";
    case Forgiveness::missing_reason_space:
      return "a status line ends in its status, without the space before the reason phrase";
    case Forgiveness::repeated_content_length: return "Content-Length comes twice, with one value";
    case Forgiveness::not_utf8: return "octets above ASCII are not UTF-8";
    case Forgiveness::loose_display_name:
      return "a display name without quotes has an octet that needs them";
    case Forgiveness::white_space_in_brackets:
      return "white space stands between an angle bracket and its URI";
    case Forgiveness::bracketed_received:
      return "the address of a received parameter stands in brackets";
    case Forgiveness::empty_element: return "an element of a list is empty";
    case Forgiveness::headers_in_request_uri:
      return "the Request-URI asks for header fields; they are ignored";
    case Forgiveness::missing_max_forwards: return "a request has no Max-Forwards";
    case Forgiveness::missing_branch:
      return "the branch of the topmost Via is the magic cookie and nothing else";
    case Forgiveness::missing_from_tag: return "the From of a request has no tag";
    case Forgiveness::missing_to_tag: return "the To of a response has no tag";
    case Forgiveness::missing_header:
      return "a header field is absent that the method or the status asks for";
    case Forgiveness::missing_content_type: return "a body has no Content-Type";
    case Forgiveness::surplus_contact:
      return "there is more than one Contact where a dialog needs exactly one";
    case Forgiveness::no_body_part: return "a multipart body has no part";
    case Forgiveness::no_close_delimiter: return "a multipart body lacks its close-delimiter";
    case Forgiveness::no_line_ending: return "the last line of a message fragment does not end";
    case Forgiveness::loose_value: return "a parameter value has octets that need quotes";
    case Forgiveness::empty_parameter: return "a parameter has no name or no value";
    case Forgiveness::malformed_parameter: return "a parameter breaks its rule; it is passed over";
    case Forgiveness::loose_call_id: return "a Call-ID has an octet that none may have";
    case Forgiveness::unread_value: return "the value cannot be read; nobody acts on it";
    case Forgiveness::repeated_idle_header: return "it may be there once only; nobody acts on it";
    case Forgiveness::loose_date:
      return "a Date has a day of one digit, or a weekday that is not that day's";
    case Forgiveness::missing_port:
      return "no port follows the colon behind a host, or 0; it counts as absent";
    case Forgiveness::zone_in_host: return "an IPv6 address has a zone";
    case Forgiveness::loose_host: return "a host is neither a name nor an address";
    case Forgiveness::quoted_in_uri: return "a URI has a quoted string in it";
    case Forgiveness::empty_uri_header: return "a header component of a URI has no = or no name";
    case Forgiveness::missing_phone_context:
      return "a tel URI has a local number and no phone-context";
    case Forgiveness::malformed_number: return "a tel URI has no telephone number";
    case Forgiveness::number_too_large: return "a number is above 4294967295; it counts as that";
    case Forgiveness::sdp_line_end: return "a line of SDP does not end in CRLF";
    case Forgiveness::sdp_line_missing: return "a mandatory line of SDP is absent";
    case Forgiveness::sdp_line_unknown: return "a line has a type that SDP does not know";
    case Forgiveness::sdp_line_order: return "lines of SDP stand in another order, or twice";
    case Forgiveness::sdp_white_space:
      return "SDP has white space where there is none, or more than one space";
    case Forgiveness::sdp_value_missing:
      return "a value of SDP is missing that can be done without";
    case Forgiveness::sdp_value:
      return "a value of SDP breaks its rule but cannot be misunderstood";
    case Forgiveness::count: break;
  }
  return "";
}

}  // namespace sipring
