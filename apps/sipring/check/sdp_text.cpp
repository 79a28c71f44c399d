// SDP explained. sdp::parse ends at its first mistake; each line is read for itself besides, so
// that the lines behind it are explained too. Of what is too large that alone is told.
// SPDX-License-Identifier: MIT
#include <check/bodies.h>
#include <check/typed/sdp.h>

#include <sipring/core/sdp/session.h>

#include <fmt/format.h>

#include <algorithm>
#include <memory_resource>
#include <utility>

namespace sipring::app {
namespace {

// Of what can be done without it is only said that it makes no sense.
void judge(Report& report, char type, std::string_view value, const ParseError& error) {
  if (!sdp::is_dispensable(type)) return report.mistake(value, error, "SDP");
  const std::size_t offset = std::min<std::size_t>(error.offset, value.size());
  report.forgiven(report.position(value.substr(offset)), Forgiveness::sdp_value,
                  fmt::format("SDP: {}; the line is left aside", explanation(error.code)));
}

// Precondition: two octets at least.
void explain_line(Report& report, std::string_view line) {
  const std::string_view value = line.substr(2);
  typed::SdpValue read = typed::sdp_line(line[0], value);
  std::vector<TypedValue> elements;
  if (!read.typed.empty()) elements.push_back(std::move(read.typed));
  const std::string name{'s', 'd', 'p', ' ', line[0]};
  report.show(line, made_visible(name), made_visible(value), std::move(elements));
  if (read.error) judge(report, line[0], value, *read.error);
  report.forgiven(value, read.forgiven, "SDP");
}

void explain_lines(Report& report, std::string_view text) {
  if (text.starts_with(sdp::byte_order_mark)) text.remove_prefix(sdp::byte_order_mark.size());
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    while (line.ends_with('\r')) line.remove_suffix(1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.size() >= 2 && line[1] == '=') explain_line(report, line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

bool is_sdp(std::string_view text) {
  if (text.starts_with(sdp::byte_order_mark)) text.remove_prefix(sdp::byte_order_mark.size());
  return text.starts_with("v=");
}

void explain_sdp(Report& report, std::string_view text) {
  const auto lines = static_cast<std::uint32_t>(std::ranges::count(text, '\n') + 1);
  sdp::Session session(lines, lines, *std::pmr::new_delete_resource());
  const Parsed<sdp::Reading> read = sdp::parse(text, session);
  const bool is_too_large = !read && read.error().code == ParseErrorCode::sdp_too_large;
  if (!is_too_large) explain_lines(report, text);
  if (!read) return report.mistake(text, read.error(), "SDP");
  report.forgiven(text, read->forgiven, "SDP");
}

}  // namespace sipring::app
