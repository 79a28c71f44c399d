// SPDX-License-Identifier: MIT
#include <check/working_text.h>

#include <sipring/core/message/parser.h>

#include <algorithm>

namespace sipring {

WorkingText::WorkingText(std::string_view original) : original_(original) {
  bool in_head = true;
  for (std::size_t i = 0; i < original.size(); ++i) {
    const bool is_bare = in_head && original[i] == '\n' && (i == 0 || original[i - 1] != '\r');
    if (is_bare) {
      if (bare_line_feeds_++ == 0) first_bare_line_feed_ = original_position(i);
      text_ += '\r';
      origins_.push_back(i);
    }
    text_ += original[i];
    origins_.push_back(i);
    if (in_head && text_.ends_with("\r\n\r\n")) in_head = false;
  }
  origins_.push_back(original.size());
  pad();
}

void WorkingText::pad() {
  text_.resize(origins_.size() - 1 + readable_padding);
}

std::string_view WorkingText::view() const {
  return std::string_view(text_).substr(0, origins_.size() - 1);
}

Position WorkingText::original_position(std::size_t original_offset) const {
  const auto end = original_.begin() + static_cast<std::ptrdiff_t>(original_offset);
  return {original_offset, 1 + static_cast<std::size_t>(std::count(original_.begin(), end, '\n'))};
}

Position WorkingText::position(std::size_t offset) const {
  return original_position(origins_[std::min(offset, origins_.size() - 1)]);
}

Position WorkingText::position(std::string_view part) const {
  return position(static_cast<std::size_t>(part.data() - text_.data()));
}

bool WorkingText::cut_line(std::size_t offset) {
  const std::string_view text = view();
  const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind("\r\n", offset - 1);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 2;
  std::size_t end = begin;
  do {
    end = text.find("\r\n", end);
    if (end == std::string_view::npos) return false;
    end += 2;
  } while (end < text.size() && (text[end] == ' ' || text[end] == '\t'));
  text_.erase(begin, end - begin);
  origins_.erase(origins_.begin() + static_cast<std::ptrdiff_t>(begin),
                 origins_.begin() + static_cast<std::ptrdiff_t>(end));
  pad();
  return true;
}

void WorkingText::replace_start_line(std::string_view line) {
  const std::size_t end = std::min(view().find("\r\n"), view().size());
  text_.replace(0, end, line);
  origins_.erase(origins_.begin(), origins_.begin() + static_cast<std::ptrdiff_t>(end));
  origins_.insert(origins_.begin(), line.size(), 0);
  pad();
}

}  // namespace sipring
