// SPDX-License-Identifier: MIT
#include <sipring/core/dialog/detail/text.h>

#include <sipring/pools/detail/copy_text.h>

#include <algorithm>
#include <limits>

namespace sipring {

// The lines that a user has added end as lines do.
DialogText::DialogText(BufferPool& buffers, const Parts& parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  if (size > std::numeric_limits<std::uint16_t>::max()) return;
  Ref<Buffer> buffer = buffers.acquire(size);
  if (!buffer) return;
  char* at = buffer->data();
  for (std::size_t i = 0; i < part_count; ++i) {
    char* const begin = at;
    copy_text(at, parts[i]);
    at += parts[i].size();
    ends_[i] = static_cast<std::uint16_t>(at - buffer->data());
    if (i == extra) continue;
    std::replace_if(
        begin, at, [](char c) { return c == '\r' || c == '\n'; }, ' ');
  }
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
