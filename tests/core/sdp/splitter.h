// A slow, obvious splitter of session descriptions into lines. It shares nothing with the grammar
// but the rules; the tests hold both equal: same lines, same error at the same octet.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>
#include <sipring/core/sdp/session.h>

#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace sipring::sdp::testing {

struct SplitText {
  std::vector<Line> lines;  // of all types
  ParseError error;         // of lines only, not of what is in them
};

inline SplitText split(std::string_view text) {
  SplitText result;
  std::size_t at = 0;
  const auto fail = [&](ParseErrorCode code, std::size_t where) {
    result.error = {code, static_cast<std::uint32_t>(where)};
    return result;
  };
  if (text.starts_with("\xef\xbb\xbf")) at = 3;
  while (text.size() > at && text.back() == '\0') text.remove_suffix(1);
  // Behind CRs and LF; false: no LF follows.
  const auto end_line = [&] {
    while (at < text.size() && text[at] == '\r') ++at;
    return at < text.size() && text[at] == '\n' && ++at != 0;
  };
  while (at < text.size()) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    if (at == text.size()) return result;
    if (text[at] == '\n' || text[at] == '\r') {
      if (!end_line()) return fail(ParseErrorCode::sdp_line_end, at);
      continue;
    }
    if (std::isalpha(static_cast<unsigned char>(text[at])) == 0)
      return fail(ParseErrorCode::sdp_line, at);
    const char type = text[at++];
    if (at == text.size() || text[at] != '=') return fail(ParseErrorCode::sdp_line, at);
    const std::size_t first = ++at;
    while (at < text.size() && text[at] != '\r' && text[at] != '\n' && text[at] != '\0') ++at;
    if (at < text.size() && text[at] == '\0') return fail(ParseErrorCode::sdp_line, at);
    result.lines.push_back({type, text.substr(first, at - first)});
    if (at == text.size()) return result;
    if (!end_line()) return fail(ParseErrorCode::sdp_line_end, at);
  }
  return result;
}

// Where both differ; empty when they agree. A mistake inside a line ends the session earlier.
inline std::string disagreement(std::string_view text, const Parsed<Reading>& read,
                                const Session& session) {
  const SplitText split_text = split(text);
  std::vector<Line> known;
  for (const Line& line : split_text.lines)
    if (std::string_view("vosiuepcbtrzkam").find(line.type) != std::string_view::npos)
      known.push_back(line);
  const Section lines = session.lines();
  if (lines.size() > known.size()) return "more lines";
  for (std::uint32_t i = 0; i < lines.size(); ++i)
    if (lines[i].type != known[i].type || lines[i].value.data() != known[i].value.data() ||
        lines[i].value.size() != known[i].value.size())
      return "line " + std::to_string(i);
  const bool is_split = split_text.error.code == ParseErrorCode::none;
  if (read)
    return !is_split ? "an error was missed" : lines.size() != known.size() ? "fewer lines" : "";
  const ParseErrorCode code = read.error().code;
  if (code == ParseErrorCode::sdp_line || code == ParseErrorCode::sdp_line_end)
    return read.error() == split_text.error ? "" : "another error";
  return "";
}

}  // namespace sipring::sdp::testing
