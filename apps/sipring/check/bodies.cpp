// SPDX-License-Identifier: MIT
#include <check/bodies.h>

#include <check/headers.h>

#include <agent/text.h>
#include <sipring/core/message/body/multipart.h>
#include <sipring/core/message/header/media_type.h>
#include <sipring/core/message/sipfrag.h>

#include <fmt/format.h>

#include <memory_resource>
#include <utility>

namespace sipring::app {
namespace {

constexpr std::uint32_t max_fragment_headers = 1'024;

void explain_fragment(Report& report, std::string_view text) {
  Message fragment(max_fragment_headers, *std::pmr::new_delete_resource());
  const Parsed<Sipfrag> parsed = parse_sipfrag(text, fragment);
  if (!parsed) report.mistake(text, parsed.error(), "sipfrag");
  if (parsed) report.forgiven(text, parsed->forgiven, "sipfrag");
  show_start_line(report, fragment, "sipfrag ");
  for (std::uint32_t i = 0; i < fragment.header_count(); ++i) {
    show_header(report, fragment.header(i), "sipfrag ");
    judge_header(report, fragment.header(i));
  }
}

void explain_content(Report& report, std::string_view content, const MediaType& type) {
  if (type.is("application", "sdp")) return explain_sdp(report, content);
  if (type.is("message", "sipfrag") || type.is("message", "sip"))
    return explain_fragment(report, content);
}

void judge_part_header(Report& report, std::string_view name, std::string_view value) {
  if (value.data() != nullptr) judge_header(report, {header_id_from(name), name, value});
}

bool is_readable(const BodyPart& part) {
  const std::string_view encoding = part.content_transfer_encoding;
  return encoding.empty() || equals_ignoring_case(encoding, "7bit") ||
         equals_ignoring_case(encoding, "8bit") || equals_ignoring_case(encoding, "binary");
}

void show_part(Report& report, const BodyPart& part) {
  TypedValue typed;
  const auto put = [&](const char* name, std::string_view value) {
    if (!value.empty()) typed.emplace_back(name, value);
  };
  put("content-type", part.content_type);
  put("content-id", part.content_id);
  put("disposition", part.content_disposition);
  put("transfer-encoding", part.content_transfer_encoding);
  if (part.depth != 0) typed.emplace_back("depth", std::to_string(part.depth));
  report.show(part.head.empty() ? part.content : part.head, "part",
              fmt::format("{} octets", part.content.size()), {std::move(typed)});
}

void explain_part(Report& report, const BodyPart& part, std::string_view body) {
  show_part(report, part);
  report.forgiven(body, part.forgiven, "part");
  judge_part_header(report, "Content-Type", part.content_type);
  judge_part_header(report, "Content-ID", part.content_id);
  judge_part_header(report, "Content-Disposition", part.content_disposition);
  if (!is_readable(part)) return;
  if (const auto type = parse_content_type(part.content_type))
    explain_content(report, part.content, *type);
}

void explain_multipart(Report& report, std::string_view body, const MediaType& type) {
  const auto delimiter = boundary(type);
  if (!delimiter) return report.mistake(body, {ParseErrorCode::multipart, 0}, "body");
  MultipartLeaves leaves(body, *delimiter);
  while (const auto part = leaves.next()) {
    if (*part)
      explain_part(report, **part, body);
    else
      report.mistake(body, part->error(), "body");
  }
  report.forgiven(body, leaves.forgiven(), "body");
}

}  // namespace

void explain_body(Report& report, std::string_view body, std::string_view content_type) {
  report.show(body, "body", fmt::format("{} octets", body.size()));
  const Parsed<MediaType> type = parse_content_type(content_type);
  if (!type) return;  // explained with the header field
  if (equals_ignoring_case(type->type, "multipart")) return explain_multipart(report, body, *type);
  explain_content(report, body, *type);
}

}  // namespace sipring::app
