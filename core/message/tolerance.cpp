// SPDX-License-Identifier: MIT
#include <sipring/core/message/tolerance.h>

namespace sipring {

std::string_view to_string(Forgiveness forgiveness) {
  switch (forgiveness) {
    case Forgiveness::bare_line_feed: return "bare_line_feed";
    case Forgiveness::underscore_in_host: return "underscore_in_host";
    case Forgiveness::missing_brackets: return "missing_brackets";
    case Forgiveness::missing_quotes: return "missing_quotes";
    case Forgiveness::malformed_expires: return "malformed_expires";
    case Forgiveness::surplus_identity: return "surplus_identity";
    case Forgiveness::comma_for_semicolon: return "comma_for_semicolon";
    case Forgiveness::count: break;
  }
  return "";
}

ParseErrorCode error_code_of(Forgiveness forgiveness) {
  switch (forgiveness) {
    case Forgiveness::bare_line_feed: return ParseErrorCode::line_ending;
    case Forgiveness::underscore_in_host: return ParseErrorCode::host;
    case Forgiveness::missing_brackets: return ParseErrorCode::address;
    case Forgiveness::missing_quotes: return ParseErrorCode::parameter;
    case Forgiveness::malformed_expires: return ParseErrorCode::parameter;
    case Forgiveness::surplus_identity: return ParseErrorCode::repeated_header;
    case Forgiveness::comma_for_semicolon: return ParseErrorCode::field_value;
    case Forgiveness::count: break;
  }
  return ParseErrorCode::none;
}

std::string_view explanation(Forgiveness forgiveness) {
  switch (forgiveness) {
    case Forgiveness::bare_line_feed: return "a line ends in LF alone, not in CRLF";
    case Forgiveness::underscore_in_host: return "a host name has an underscore";
    case Forgiveness::missing_brackets: return "a URI has no < and > round it";
    case Forgiveness::missing_quotes: return "a parameter's value has no quotes round it";
    case Forgiveness::malformed_expires: return "the expires of a Contact is not a number";
    case Forgiveness::surplus_identity:
      return "there is more than one identity of a kind, or one that is neither sip, sips nor tel";
    case Forgiveness::comma_for_semicolon: return "the values of Privacy have commas between them";
    case Forgiveness::count: break;
  }
  return "";
}

}  // namespace sipring
