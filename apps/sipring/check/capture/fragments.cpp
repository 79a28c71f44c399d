// SPDX-License-Identifier: MIT
#include <check/capture/fragments.h>

#include <algorithm>
#include <utility>

namespace sipring::app {

std::optional<std::string> Fragments::add(const IpPacket& fragment) {
  const Key key{fragment.source, fragment.destination, fragment.protocol, fragment.fragment_id};
  Parts& parts = packets_[key];
  std::string& part = parts.by_offset[fragment.fragment_offset];
  if (fragment.payload.size() > part.size()) part = fragment.payload;
  if (!fragment.more_fragments) parts.size = fragment.fragment_offset + fragment.payload.size();
  if (!is_whole(parts)) return std::nullopt;
  std::string whole = join(parts);
  packets_.erase(key);
  return whole;
}

// Each begins where those before it have come to, or earlier.
bool Fragments::is_whole(const Parts& parts) {
  if (!parts.size) return false;
  std::size_t end = 0;
  for (const auto& [offset, part] : parts.by_offset) {
    if (offset > end) return false;
    end = std::max(end, offset + part.size());
  }
  return end >= *parts.size;
}

std::string Fragments::join(const Parts& parts) {
  std::string whole;
  whole.reserve(*parts.size);
  for (const auto& [offset, part] : parts.by_offset) {
    const std::size_t known = whole.size() - offset;
    if (known < part.size()) whole += std::string_view(part).substr(known);
  }
  whole.resize(*parts.size);
  return whole;
}

}  // namespace sipring::app
