// The framing grammar reads; what it misses at the end of a fragment is looked at here.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/assembly.h>
#include <sipring/core/message/detail/framing.h>
#include <sipring/core/message/detail/octets.h>
#include <sipring/core/message/detail/runs.h>
#include <sipring/core/message/sipfrag.h>

#include <algorithm>

namespace sipring {
namespace {

constexpr std::string_view white = " \t";

std::unexpected<ParseError> fail_at(ParseErrorCode code, std::size_t offset) {
  return std::unexpected(ParseError{code, static_cast<std::uint32_t>(offset)});
}

// "token HCOLON", or the blank line at once: no start line begins so.
bool begins_with_header(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() &&
         detail::is_in_class<detail::token_octet>(static_cast<unsigned char>(text[at])))
    ++at;
  if (at == 0) return text.starts_with("\r\n") || text.starts_with('\n');
  at = std::min(text.find_first_not_of(white, at), text.size());
  return at < text.size() && text[at] == ':';
}

// A line that the grammar read without a mistake up to the end of the text, where its ending is
// missing. False when more is missing than that.
bool finish_start_line(detail::Framing& framing, std::string_view line) {
  const Message& message = framing.message();
  constexpr std::size_t before_status = 8;  // "SIP/2.0 "
  if (message.status() != 0) {
    const std::size_t reason = line.find_first_not_of(' ', before_status) + 4;  // "200 "
    framing.set_reason(line.data() + std::min(reason, line.size()), line.data() + line.size());
    return true;
  }
  const std::string_view uri = message.request_uri();
  if (uri.empty()) return false;
  std::string_view version = line.substr(static_cast<std::size_t>(uri.end() - line.begin()));
  version.remove_prefix(std::min(version.find_first_not_of(white), version.size()));
  version = version.substr(0, version.find_last_not_of(white) + 1);
  return detail::equals_ignoring_case(version, "SIP/2.0");
}

ParseErrorCode finish_header_line(detail::Framing& framing, std::string_view line) {
  const char* const end = line.data() + line.size();
  if (white.find(line.front()) != std::string_view::npos) {
    framing.extend_header(line.data(), end);
    return ParseErrorCode::none;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return ParseErrorCode::incomplete;
  const std::string_view name = line.substr(0, line.find_last_not_of(white, colon - 1) + 1);
  const bool fits = framing.add_header(name, line.data() + colon + 1, end);
  return fits ? ParseErrorCode::none : ParseErrorCode::too_many_headers;
}

// The text has ended before a blank line did.
Parsed<Sipfrag> finish(std::string_view text, detail::Framing& framing, bool has_start_line) {
  Sipfrag fragment;
  if (text.empty() || text.ends_with('\n')) return fragment;
  const std::size_t begin = text.rfind('\n') + 1;  // npos + 1: the first line
  std::string_view line = text.substr(begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return fail_at(ParseErrorCode::incomplete, text.size());
  ParseErrorCode code = ParseErrorCode::none;
  if (has_start_line && begin == 0) {
    if (!finish_start_line(framing, line)) code = ParseErrorCode::incomplete;
  } else {
    code = finish_header_line(framing, line);
  }
  if (code != ParseErrorCode::none)
    return fail_at(code, code == ParseErrorCode::incomplete ? text.size() : begin);
  fragment.forgiven.add(Forgiveness::no_line_ending, begin + line.size());
  return fragment;
}

}  // namespace

Parsed<Sipfrag> parse_sipfrag(std::string_view text, Message& message) {
  detail::Framing framing{text.substr(0, detail::largest_message), message};
  if (text.size() > detail::largest_message)
    return fail_at(ParseErrorCode::message_too_large, detail::largest_message);
  const bool has_start_line = !text.empty() && !begins_with_header(text);
  const ParseError error = detail::frame<false>(  // accelerators would want padding
      framing, framing.begin(),
      has_start_line ? detail::FrameFrom::start_line : detail::FrameFrom::first_line);
  if (error.code != ParseErrorCode::none && error.code != ParseErrorCode::incomplete)
    return std::unexpected(error);
  Parsed<Sipfrag> fragment;
  if (error.code == ParseErrorCode::incomplete) fragment = finish(text, framing, has_start_line);
  if (fragment) fragment->forgiven.add(message.forgiven(), 0);
  return fragment;
}

}  // namespace sipring
