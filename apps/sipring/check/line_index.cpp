// SPDX-License-Identifier: MIT
#include <check/line_index.h>

#include <algorithm>

namespace sipring::app {

LineIndex::LineIndex(std::string_view text) : text_(text) {
  lines_.reserve(text.size() / stride + 1);
  lines_.push_back(1);
  for (std::size_t at = stride; at <= text.size(); at += stride)
    lines_.push_back(lines_.back() + line_ends(at - stride, at));
}

std::size_t LineIndex::line_at(std::size_t offset) const {
  const std::size_t block = offset / stride;
  return lines_[block] + line_ends(block * stride, offset);
}

std::size_t LineIndex::line_ends(std::size_t begin, std::size_t end) const {
  visited_ += end - begin;
  return static_cast<std::size_t>(std::ranges::count(text_.substr(begin, end - begin), '\n'));
}

}  // namespace sipring::app
