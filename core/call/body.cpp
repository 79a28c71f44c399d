// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/body.h>

#include <sipring/core/message/body/coding.h>
#include <sipring/core/message/body/session_part.h>
#include <sipring/core/message/header/content_disposition.h>

#include <algorithm>

namespace sipring {
namespace {

bool is_equal(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

// Another disposition than "session" says that it is no offer or answer (section 20.11).
bool is_session(std::string_view disposition) {
  const auto read = parse_content_disposition(disposition);
  return !read || is_equal(read->type, "session");
}

bool is_optional(std::string_view disposition) {
  const auto read = parse_content_disposition(disposition);
  return read && read->handling == Handling::optional;
}

bool is_description(std::string_view content_type) {
  if (content_type == "application/sdp") return true;  // nearly always
  return is_of_type(content_type, "application", "sdp");
}

bool is_understood(std::string_view content_type, std::span<const std::string_view> understood) {
  return std::ranges::any_of(understood, [&](std::string_view type) {
    const std::size_t slash = type.find('/');
    return is_of_type(content_type, type.substr(0, slash), type.substr(slash + 1));
  });
}

// Among parts: what nobody understands and has to be understood refuses it all (RFC 5621 section
// 8.4).
ReadBody read_parts(std::string_view body, std::string_view content_type,
                    std::span<const std::string_view> understood) {
  const auto part = find_session_part(body, content_type, understood);
  if (!part) return {.refusal = 400, .reason = "Malformed Multipart Body"};
  if (part->not_understood.data() != nullptr) return {.refusal = 415};
  return {.description = part->text};
}

ReadBody read_typed(std::string_view body, std::string_view content_type,
                    std::span<const std::string_view> understood) {
  if (is_description(content_type)) return {.description = body};
  if (is_multipart(content_type)) return read_parts(body, content_type, understood);
  return {.refusal = static_cast<std::uint16_t>(is_understood(content_type, understood) ? 0 : 415)};
}

}  // namespace

ReadBody read_body(const Message& message, std::span<const std::string_view> understood) {
  const std::string_view body = message.body();
  if (body.empty()) return {};
  const auto disposition = message.first(HeaderId::content_disposition);
  const auto type = message.first(HeaderId::content_type);
  ReadBody read;
  if (is_coded(message)) {
    read = {.refusal = 415, .encoded = true};
  } else if (!type) {
    read = {.refusal = 400, .reason = "Missing Content-Type Header Field"};
  } else {
    read = read_typed(body, *type, understood);
    const bool is_elsewhere = disposition && is_description(*type) && !is_session(*disposition);
    if (is_elsewhere) read = {.refusal = 415};
  }
  if (read.refusal != 0 && disposition && is_optional(*disposition)) return {};
  return read;
}

}  // namespace sipring
