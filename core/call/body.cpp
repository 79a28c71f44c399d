// SPDX-License-Identifier: MIT
#include <sipring/core/call/detail/body.h>

#include <sipring/core/message/body/coding.h>
#include <sipring/core/message/body/multipart.h>
#include <sipring/core/message/elements.h>
#include <sipring/core/message/header/content_disposition.h>
#include <sipring/core/message/header/media_type.h>
#include <sipring/core/message/header/token.h>

#include <algorithm>

namespace sipring {
namespace {

bool is_equal(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

bool is_optional(std::string_view disposition) {
  const auto read = parse_content_disposition(disposition);
  return read && read->handling == Handling::optional;
}

// Another disposition than "session" says that it is no offer or answer (section 20.11).
bool is_session(std::string_view disposition) {
  const auto read = parse_content_disposition(disposition);
  return !read || is_equal(read->type, "session");
}

bool is_description(std::string_view content_type) {
  if (content_type == "application/sdp") return true;  // nearly always
  const auto type = parse_content_type(content_type);
  return type && type->is("application", "sdp");
}

// The first description; parts that nobody understands must be optional.
ReadBody read_parts(std::string_view body, std::string_view boundary) {
  ReadBody read;
  MultipartLeaves leaves(body, boundary);
  while (const auto part = leaves.next()) {
    if (!*part) return {.description = {}, .refusal = 400};
    const bool has_disposition = (*part)->content_disposition.data() != nullptr;
    const std::string_view disposition = (*part)->content_disposition;
    const bool session = !has_disposition || is_session(disposition);
    if (session && read.description.empty() && is_description((*part)->content_type)) {
      read.description = (*part)->content;
    } else if (!has_disposition || !is_optional(disposition)) {
      read.refusal = 415;
    }
  }
  // RFC 5621 section 4.2: what surrounds a description that we can use does not spoil it.
  if (!read.description.empty()) read.refusal = 0;
  return read;
}

}  // namespace

ReadBody read_body(const Message& message) {
  const std::string_view body = message.body();
  if (body.empty()) return {};
  const auto disposition = message.first(HeaderId::content_disposition);
  const bool optional = disposition && is_optional(*disposition);
  const auto refused = [&](std::uint16_t status, bool encoded = false) {
    return optional ? ReadBody{} : ReadBody{{}, status, encoded};
  };
  if (is_coded(message)) return refused(415, true);
  const auto type = message.first(HeaderId::content_type);
  if (!type) return refused(400);
  if (is_description(*type)) {
    if (disposition && !is_session(*disposition)) return refused(415);
    return {.description = body};
  }
  if (const auto boundary = multipart_boundary(*type)) {
    const ReadBody read = read_parts(body, *boundary);
    return read.refusal != 0 ? refused(read.refusal) : read;
  }
  return refused(415);
}

}  // namespace sipring
