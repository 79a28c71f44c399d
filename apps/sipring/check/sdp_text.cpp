// SDP explained. sdp::parse ends at its first mistake; each line is read for itself besides, so
// that the lines behind it are explained too. Of what is too large that alone is told.
// SPDX-License-Identifier: MIT
#include <check/bodies.h>
#include <check/typed/sdp.h>

#include <sipring/core/sdp/session.h>

#include <algorithm>
#include <memory_resource>
#include <utility>

namespace sipring::app {
namespace {

// Precondition: two octets at least.
void explain_line(Report& report, std::string_view line) {
  const std::string_view value = line.substr(2);
  typed::SdpValue read = typed::sdp_line(line[0], value);
  std::vector<TypedValue> elements;
  if (!read.typed.empty()) elements.push_back(std::move(read.typed));
  const std::string name{'s', 'd', 'p', ' ', line[0]};
  report.show(line, made_visible(name), made_visible(value), std::move(elements));
  if (read.error) report.mistake(value, *read.error, "SDP");
  report.forgiven(value, read.forgiven, "SDP");
}

void explain_lines(Report& report, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() >= 2 && line[1] == '=') explain_line(report, line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

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
