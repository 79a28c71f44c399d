// SPDX-License-Identifier: MIT
#include <sipring/core/message/tolerance.h>

namespace sipring {

std::string_view to_string(Forgiveness forgiveness) {
  switch (forgiveness) {
    case Forgiveness::bare_line_feed: return "bare_line_feed";
    case Forgiveness::underscore_in_host: return "underscore_in_host";
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
