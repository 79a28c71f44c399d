// SPDX-License-Identifier: MIT
#include <sipring/core/dialog/detail/text.h>

#include <sipring/pools/detail/copy_text.h>

#include <algorithm>
#include <limits>
#include <span>

namespace sipring {
namespace {

void unfold(std::span<char> lines) {
  const std::string_view text(lines.data(), lines.size());
  if (text.find('\r') == text.npos && text.find('\n') == text.npos) return;  // nearly always
  std::ranges::replace_if(
      lines, [](char c) { return c == '\r' || c == '\n'; }, ' ');
}

}  // namespace

// The lines that a user has added end as lines do, and what is no header line stays as it is.
DialogText::DialogText(BufferPool& buffers, const Parts& parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  if (size > std::numeric_limits<std::uint16_t>::max()) return;
  Ref<Buffer> buffer = buffers.acquire(size);
  if (!buffer) return;
  char* at = buffer->data();
  for (std::size_t i = 0; i < part_count; ++i) {
    copy_text(at, parts[i]);
    at += parts[i].size();
    ends_[i] = static_cast<std::uint16_t>(at - buffer->data());
  }
  unfold({buffer->data(), ends_[extra - 1]});
  buffer->resize(static_cast<std::uint32_t>(size));
  buffer_ = std::move(buffer);
}

std::string_view DialogText::part(Part which) const {
  if (!buffer_) return {};
  const std::uint16_t begin = which == 0 ? 0 : ends_[which - 1];
  return buffer_->view().substr(begin, ends_[which] - begin);
}

DialogText::Parts DialogText::parts() const {
  Parts parts;
  for (std::size_t i = 0; i < part_count; ++i) parts[i] = part(static_cast<Part>(i));
  return parts;
}

}  // namespace sipring
