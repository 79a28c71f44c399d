// Framing around the grammar: what follows from Content-Length, and how reading goes on after a
// line that cannot be read.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/framing.h>
#include <sipring/core/message/detail/plain.h>
#include <sipring/core/message/header/values.h>
#include <sipring/core/message/parser.h>

#include <algorithm>
#include <optional>

namespace sipring {
namespace {

constexpr std::size_t largest_message = 65'535;  // what spans can name

std::unexpected<ParseError> fail(ParseErrorCode code, std::size_t offset) {
  return std::unexpected{ParseError{code, static_cast<std::uint32_t>(offset)}};
}

// The line after the one that holds `at`, past its continuations; nullopt when there is none.
std::optional<std::size_t> next_line(std::string_view bytes, std::size_t at) {
  do {
    at = bytes.find('\n', at);
    if (at == bytes.npos) return std::nullopt;
    ++at;
  } while (at < bytes.size() && (bytes[at] == ' ' || bytes[at] == '\t'));
  return at;
}

bool can_go_on(ParseErrorCode code) {
  return code != ParseErrorCode::none && code != ParseErrorCode::incomplete &&
         code != ParseErrorCode::too_many_headers;
}

// A broken line is left out and the rest is framed, so that a 400 finds its Via.
template <bool accelerated>
[[gnu::noinline, gnu::cold]] void frame_rest(std::string_view bytes, detail::Framing& framing,
                                             ParseError error) {
  while (can_go_on(error.code)) {
    const std::optional<std::size_t> line = next_line(bytes, error.offset);
    if (!line) return;
    error = detail::frame<accelerated>(
        framing, framing.begin() + *line,
        framing.has_headers() ? detail::FrameFrom::line : detail::FrameFrom::first_line);
  }
}

// The first error is the answer.
template <bool accelerated>
ParseError frame_lines(std::string_view bytes, detail::Framing& framing) {
  const ParseError first =
      detail::frame<accelerated>(framing, framing.begin(), detail::FrameFrom::start_line);
  if (first.code != ParseErrorCode::none) [[unlikely]]
    frame_rest<accelerated>(bytes, framing, first);
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
    if (length) framing.forgive(Forgiveness::repeated_content_length, value.data());
    length = *parsed;
    index = message.find(HeaderId::content_length, index + 1);
  } while (index != message.header_count());
  if (*length > framing.body_size()) return fail(ParseErrorCode::incomplete, bytes.size());
  framing.cut_body(*length);
  return {};
}

// Semicolons outside quoted strings.
std::size_t count_parameters(std::string_view value) {
  std::size_t count = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (quoted && value[i] == '\\')
      ++i;
    else if (value[i] == '"')
      quoted = !quoted;
    else if (value[i] == ';' && !quoted)
      ++count;
  }
  return count;
}

Parsed<void> check_header(std::string_view bytes, std::string_view value,
                          const ParseLimits& limits) {
  const auto offset = static_cast<std::size_t>(value.data() - bytes.data());
  if (value.size() > limits.header_bytes) return fail(ParseErrorCode::header_too_long, offset);
  if (value.size() / 2 <= limits.parameters || count_parameters(value) <= limits.parameters)
    return {};
  return fail(ParseErrorCode::too_many_parameters, offset);
}

// Of a message that is too long to be known as harmless. The body is what Content-Length says, or
// the rest.
[[gnu::noinline]] Parsed<void> check_parts(std::string_view bytes, detail::Framing& framing,
                                           const ParseLimits& limits) {
  const Message& message = framing.message();
  const std::string_view uri = message.request_uri();
  if (uri.size() > limits.request_uri_bytes)
    return fail(ParseErrorCode::request_uri_too_long,
                static_cast<std::size_t>(uri.data() - bytes.data()));
  for (std::uint32_t i = 0; i < message.header_count(); ++i)
    if (Parsed<void> checked = check_header(bytes, message.header(i).value, limits); !checked)
      return checked;
  if (framing.head_size() > limits.head_bytes)
    return fail(ParseErrorCode::head_too_large, limits.head_bytes);
  Parsed<void> cut = cut_body(bytes, framing);
  if (cut && framing.body_size() > limits.body_bytes)
    return fail(ParseErrorCode::body_too_large, message.offset_of(message.body()));
  return cut;
}

template <bool accelerated>
[[gnu::noinline]] Parsed<void> parse_long(std::string_view bytes, Message& message,
                                          const ParseLimits& limits) {
  const std::size_t largest = std::min<std::size_t>(largest_message, limits.message_bytes);
  const std::string_view text = bytes.substr(0, largest);
  detail::Framing framing{text, message};
  const ParseError error = frame_lines<accelerated>(text, framing);
  if (bytes.size() > largest) return fail(ParseErrorCode::message_too_large, largest);
  if (error.code != ParseErrorCode::none) return std::unexpected{error};
  return check_parts(text, framing, limits);
}

template <bool accelerated>
[[gnu::always_inline]] inline Parsed<void> parse_as(std::string_view bytes, Message& message,
                                                    const ParseLimits& limits) {
  if (bytes.size() > limits.harmless_size()) return parse_long<accelerated>(bytes, message, limits);
  detail::Framing framing{bytes, message};
  const ParseError error = frame_lines<accelerated>(bytes, framing);
  if (error.code != ParseErrorCode::none) return std::unexpected{error};
  return cut_body(bytes, framing);
}

constexpr ParseLimits usual_limits;  // known when compiling: they cost one comparison

}  // namespace

Parsed<void> parse(std::string_view bytes, Message& message) {
  return parse_as<true>(bytes, message, usual_limits);
}

Parsed<void> parse(std::string_view bytes, Message& message, const ParseLimits& limits) {
  return parse_as<true>(bytes, message, limits);
}

Parsed<void> strictly(Parsed<void> parsed, const Message& message) {
  if (!parsed || message.forgiven().empty()) return parsed;
  const Forgiven& forgiven = message.forgiven();
  return fail(error_code_of(forgiven.first()), forgiven.first_offset());
}

namespace detail {
Parsed<void> parse_plain(std::string_view bytes, Message& message) {
  return parse_as<false>(bytes, message, usual_limits);
}
}  // namespace detail

}  // namespace sipring
