// SPDX-License-Identifier: MIT
#include <sipring/core/message/body/multipart.h>
#include <sipring/core/message/body/multipart_builder.h>
#include <sipring/core/message/detail/header_grammar.h>
#include <sipring/core/message/header/media_type.h>

namespace sipring {
MultipartBuilder::MultipartBuilder(std::span<char> room, std::string_view subtype,
                                   std::string_view boundary)
    : room_(room) {
  const bool is_usable =
      is_token_text(subtype) && is_token_text(boundary) && boundary.size() <= longest_boundary;
  is_usable ? open(subtype, boundary) : fail(BuildProblem::malformed);
}

void MultipartBuilder::open(std::string_view subtype, std::string_view boundary) {
  room_.begin();
  room_.put("multipart/"), room_.put(subtype);
  room_.put(";boundary=\""), room_.put(boundary), room_.put("\"");
  const std::optional<std::string_view> type = room_.end();
  if (!type) return fail(BuildProblem::room_full);
  content_type_ = *type;
  boundary_ = type->substr(type->size() - 1 - boundary.size(), boundary.size());
  room_.begin();
}

void MultipartBuilder::fail(BuildProblem problem) {
  if (!error_) error_ = BuildError{problem, HeaderId::content_type};
}

void MultipartBuilder::put_header(std::string_view name, std::string_view value) {
  if (!is_token_text(name)) return fail(BuildProblem::bad_name);
  if (!is_line_text(value)) return fail(line_problem(value));
  room_.put(name), room_.put(": "), room_.put(value), room_.put("\r\n");
}

MultipartBuilder& MultipartBuilder::part(std::string_view content_type, std::string_view content,
                                         std::span<const HeaderLine> headers) {
  if (error_) return *this;
  if (content.find(boundary_) != std::string_view::npos)
    return fail(BuildProblem::contradiction), *this;
  room_.put(parts_++ == 0 ? "--" : "\r\n--"), room_.put(boundary_), room_.put("\r\n");
  put_header("Content-Type", content_type);
  for (const HeaderLine& header : headers) put_header(header.name, header.value);
  room_.put("\r\n"), room_.put(content);
  return *this;
}

std::expected<MultipartBuilder::Body, BuildError> MultipartBuilder::finish() {
  if (parts_ == 0) fail(BuildProblem::missing);
  if (error_) return std::unexpected(*error_);
  room_.put("\r\n--"), room_.put(boundary_), room_.put("--\r\n");
  const std::optional<std::string_view> text = room_.end();
  if (!text) fail(BuildProblem::room_full);
  if (error_) return std::unexpected(*error_);
  return Body{content_type_, *text};
}

}  // namespace sipring
