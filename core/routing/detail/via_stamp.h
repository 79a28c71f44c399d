// What a server adds to the top Via of a request that it received: RFC 3261 section 18.2.1, RFC
// 3581 section 4, RFC 6223 section 4.4.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/detail/edits.h>
#include <sipring/core/message/header/via.h>
#include <sipring/core/network_address.h>
#include <sipring/core/routing/detail/response_route.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sipring {

// The edits of the top Via: received=SOURCE where it must be told, rport=PORT where it was asked
// for, keep=SECONDS where keep-alives are offered. A value that the client put there itself is
// replaced, but that of a keep.
class ViaStamp {
 public:
  // `keep_seconds`: how often keep-alives are wanted, 0: as one likes; nullopt: they are not.
  ViaStamp(const Via& via, const ResponseRoute& route, const NetworkAddress& source,
           std::optional<std::uint16_t> keep_seconds);
  ViaStamp(const ViaStamp&) = delete;  // the edits point into this object
  ViaStamp& operator=(const ViaStamp&) = delete;

  [[nodiscard]] std::span<const Edit> edits() const { return {edits_.data(), count_}; }

 private:
  void stamp_rport(const Via& via, std::uint16_t port);
  void stamp_received(const Via& via, const IpAddress& ip);
  void stamp_keep(const Via& via, std::uint16_t seconds);
  void add(std::string_view replaced, std::string_view with);

  std::array<char, 16> rport_;     // as far as an edit says
  std::array<char, 64> received_;  // likewise
  std::array<char, 8> keep_;
  std::array<Edit, 3> edits_{};  // in the order of their places
  std::size_t count_ = 0;
};

}  // namespace sipring
