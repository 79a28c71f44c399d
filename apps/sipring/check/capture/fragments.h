// Fragments: IP packets put together again (RFC 791 section 3.2, RFC 8200 section 4.5). A large
// INVITE over UDP comes so. Fragments may overlap, as those of two ways with packets of different
// sizes do: an octet that was there is kept.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/capture/packet.h>

#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace sipring::app {

class Fragments {
 public:
  // The payload, once all of its fragments have been seen.
  [[nodiscard]] std::optional<std::string> add(const IpPacket& fragment);
  // Packets of which fragments are missing.
  [[nodiscard]] std::size_t incomplete() const { return packets_.size(); }

 private:
  struct Key {
    IpAddress source, destination;
    std::uint8_t protocol;
    std::uint32_t id;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Parts {
    std::map<std::uint32_t, std::string> by_offset;
    std::optional<std::size_t> size;  // known from the last fragment
  };
  static bool is_whole(const Parts& parts);
  static std::string join(const Parts& parts);

  std::map<Key, Parts> packets_;
};

}  // namespace sipring::app
