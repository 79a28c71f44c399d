// SPDX-License-Identifier: MIT
#include <sipring/core/message/tolerance.h>

namespace sipring {

std::string_view to_string(Forgiveness forgiveness) {
  switch (forgiveness) {
    case Forgiveness::bare_line_feed: return "bare_line_feed";
    case Forgiveness::underscore_in_host: return "underscore_in_host";
    case Forgiveness::no_close_delimiter: return "no_close_delimiter";
    case Forgiveness::no_line_ending: return "no_line_ending";
    case Forgiveness::count: break;
  }
  return "";
}

ParseErrorCode error_code_of(Forgiveness forgiveness) {
  switch (forgiveness) {
    case Forgiveness::bare_line_feed: return ParseErrorCode::line_ending;
    case Forgiveness::underscore_in_host: return ParseErrorCode::host;
    case Forgiveness::no_close_delimiter: return ParseErrorCode::multipart;
    case Forgiveness::no_line_ending: return ParseErrorCode::line_ending;
    case Forgiveness::count: break;
  }
  return ParseErrorCode::none;
}

std::string_view explanation(Forgiveness forgiveness) {
  switch (forgiveness) {
    case Forgiveness::bare_line_feed: return "a line ends in LF alone, not in CRLF";
    case Forgiveness::underscore_in_host: return "a host name has an underscore";
    case Forgiveness::no_close_delimiter: return "a multipart body lacks its close-delimiter";
    case Forgiveness::no_line_ending: return "the last line of a message fragment does not end";
    case Forgiveness::count: break;
  }
  return "";
}

}  // namespace sipring
