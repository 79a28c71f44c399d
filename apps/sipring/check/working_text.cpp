// SPDX-License-Identifier: MIT
#include <check/working_text.h>

#include <sipring/core/message/parser.h>

#include <algorithm>
#include <numeric>

namespace sipring::app {

WorkingText::WorkingText(std::string_view original)
    : lines_(original), text_(original), origins_(original.size() + 1) {
  std::iota(origins_.begin(), origins_.end(), std::size_t{0});
  pad();
}

void WorkingText::pad() {
  text_.resize(origins_.size() - 1 + readable_padding);
}

std::string_view WorkingText::view() const {
  return std::string_view(text_).substr(0, origins_.size() - 1);
}

Position WorkingText::position(std::size_t offset) const {
  const std::size_t origin = origins_[std::min(offset, origins_.size() - 1)];
  return {origin, lines_.line_at(origin)};
}

Position WorkingText::position(std::string_view part) const {
  return position(static_cast<std::size_t>(part.data() - text_.data()));
}

bool WorkingText::cut_line(std::size_t offset) {
  const std::string_view text = view();
  const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  std::size_t end = begin;
  do {
    end = text.find('\n', end);
    if (end == std::string_view::npos) return false;
    ++end;
  } while (end < text.size() && (text[end] == ' ' || text[end] == '\t'));
  text_.erase(begin, end - begin);
  origins_.erase(origins_.begin() + static_cast<std::ptrdiff_t>(begin),
                 origins_.begin() + static_cast<std::ptrdiff_t>(end));
  pad();
  return true;
}

void WorkingText::end_head() {
  const std::size_t size = view().size();
  const std::string_view ends = view().ends_with('\n') ? "\r\n" : "\r\n\r\n";
  text_.replace(size, ends.size(), ends);
  origins_.insert(origins_.end(), ends.size(), origins_.back());
  pad();
}

void WorkingText::replace_start_line(std::string_view line) {
  std::size_t end = std::min(view().find('\n'), view().size());
  if (end != 0 && text_[end - 1] == '\r') --end;
  text_.replace(0, end, line);
  origins_.erase(origins_.begin(), origins_.begin() + static_cast<std::ptrdiff_t>(end));
  origins_.insert(origins_.begin(), line.size(), 0);
  pad();
}

}  // namespace sipring::app
