// SPDX-License-Identifier: MIT
#include <check/capture/fragments.h>

namespace sipring::app {

std::optional<std::string> Fragments::add(const IpPacket& fragment) {
  const Key key{fragment.source, fragment.destination, fragment.protocol, fragment.fragment_id};
  Parts& parts = packets_[key];
  parts.by_offset.insert_or_assign(fragment.fragment_offset, std::string(fragment.payload));
  if (!fragment.more_fragments) parts.size = fragment.fragment_offset + fragment.payload.size();
  std::optional<std::string> whole = join(parts);
  if (whole) packets_.erase(key);
  return whole;
}

std::optional<std::string> Fragments::join(const Parts& parts) {
  if (!parts.size) return std::nullopt;
  std::string whole;
  for (const auto& [offset, part] : parts.by_offset) {
    if (offset != whole.size()) return std::nullopt;
    whole += part;
  }
  return whole.size() == *parts.size ? std::optional(std::move(whole)) : std::nullopt;
}

}  // namespace sipring::app
