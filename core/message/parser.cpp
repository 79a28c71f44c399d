// Framing around the grammar: what follows from Content-Length, and how reading goes on after a
// line that cannot be read.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/framing.h>
#include <sipring/core/message/detail/plain.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/parser.h>

#include <optional>

namespace sipring {
namespace {

constexpr std::size_t largest_message = 65535;

std::unexpected<ParseError> fail(ParseErrorCode code, std::size_t offset) {
  return std::unexpected{ParseError{code, static_cast<std::uint32_t>(offset)}};
}

// The line after the one that holds `at`, past its continuations; nullopt when there is none.
std::optional<std::size_t> next_line(std::string_view bytes, std::size_t at) {
  do {
    at = bytes.find("\r\n", at == 0 ? 0 : at - 1);
    if (at == bytes.npos) return std::nullopt;
    at += 2;
  } while (at < bytes.size() && (bytes[at] == ' ' || bytes[at] == '\t'));
  return at;
}

bool can_go_on(ParseErrorCode code) {
  return code != ParseErrorCode::none && code != ParseErrorCode::incomplete &&
         code != ParseErrorCode::too_many_headers;
}

// A broken line is left out and the rest is framed, so that a 400 finds its Via. The first error is
// the answer.
template <bool accelerated>
ParseError frame_lines(std::string_view bytes, detail::Framing& framing) {
  const ParseError first =
      detail::frame<accelerated>(framing, framing.begin(), detail::FrameFrom::start_line);
  for (ParseError error = first; can_go_on(error.code);) {
    const std::optional<std::size_t> line = next_line(bytes, error.offset);
    if (!line) break;
    error = detail::frame<accelerated>(
        framing, framing.begin() + *line,
        framing.has_headers() ? detail::FrameFrom::line : detail::FrameFrom::first_line);
  }
  return first;
}

// Section 20.14: one length, which may be repeated but not contradicted; section 18.3: a datagram
// without it ends its body.
Parsed<void> cut_body(std::string_view bytes, detail::Framing& framing) {
  const Message& message = framing.message();
  std::uint32_t index = message.find(HeaderId::content_length);
  if (index == message.header_count()) return {};
  std::optional<std::uint32_t> length;
  do {
    const std::string_view value = message.header(index).value;
    const auto offset = static_cast<std::size_t>(value.data() - bytes.data());
    const Parsed<std::uint32_t> parsed = parse_content_length(value);
    if (!parsed) return fail(ParseErrorCode::content_length, offset + parsed.error().offset);
    if (length && *length != *parsed) return fail(ParseErrorCode::content_length, offset);
    length = *parsed;
    index = message.find(HeaderId::content_length, index + 1);
  } while (index != message.header_count());
  if (*length > framing.body_size()) return fail(ParseErrorCode::incomplete, bytes.size());
  framing.cut_body(*length);
  return {};
}

template <bool accelerated>
Parsed<void> parse_as(std::string_view bytes, Message& message) {
  detail::Framing framing{bytes.substr(0, largest_message), message};
  if (bytes.size() > largest_message)
    return fail(ParseErrorCode::message_too_large, largest_message);
  const ParseError error = frame_lines<accelerated>(bytes, framing);
  if (error.code != ParseErrorCode::none) return std::unexpected{error};
  return cut_body(bytes, framing);
}

}  // namespace

Parsed<void> parse(std::string_view bytes, Message& message) {
  return parse_as<true>(bytes, message);
}

namespace detail {
Parsed<void> parse_plain(std::string_view bytes, Message& message) {
  return parse_as<false>(bytes, message);
}
}  // namespace detail

}  // namespace sipring
