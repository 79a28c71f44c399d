// SPDX-License-Identifier: MIT
#include <sipring/core/dialog/request.h>

namespace sipring {

DialogRequest::DialogRequest(const Dialog& dialog, std::string_view method, std::uint32_t cseq)
    : dialog_(dialog), method_(method) {
  add("Route", dialog.text(DialogText::route));
  add("From", dialog.text(DialogText::local));
  add("To", dialog.text(DialogText::remote));
  add("Call-ID", dialog.call_id());
  room_.begin();
  room_.put(cseq), room_.put(" "), room_.put(method);
  if (const auto text = keep()) add("CSeq", *text);
}

bool DialogRequest::add(std::string_view name, std::string_view value) {
  if (value.empty()) return true;
  if (size_ == most_lines) return false;
  lines_[size_++] = {name, value};
  return true;
}

bool DialogRequest::add(std::span<const HeaderLine> lines) {
  for (const HeaderLine& line : lines)
    if (!add(line.name, line.value)) return false;
  return true;
}

bool DialogRequest::add(std::string_view name, std::uint32_t number, std::string_view rest) {
  room_.begin();
  room_.put(number), room_.put(rest);
  const auto text = keep();
  return text && add(name, *text);
}

// RFC 3262 section 7.2.
bool DialogRequest::add_rack(std::uint32_t rseq, std::uint32_t cseq, std::string_view method) {
  room_.begin();
  room_.put(rseq), room_.put(" "), room_.put(cseq), room_.put(" "), room_.put(method);
  const auto text = keep();
  return text && add("RAck", *text);
}

bool DialogRequest::add_lines(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t colon = lines.find(": "), end = lines.find("\r\n");
    if (colon == lines.npos || end == lines.npos || end < colon) return false;
    if (!add(lines.substr(0, colon), lines.substr(colon + 2, end - colon - 2))) return false;
    lines.remove_prefix(end + 2);
  }
  return true;
}

Request DialogRequest::request(std::string_view sent_by, std::string_view body) const& {
  return {.method = method_,
          .request_uri = dialog_.request_uri(),
          .headers = std::span(lines_).first(size_),
          .body = body,
          .destination = dialog_.destination(),
          .flow = dialog_.flow(),
          .sent_by = sent_by};
}

}  // namespace sipring
