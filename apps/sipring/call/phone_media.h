// PhoneMedia: what a softphone says of its media in one call (RFC 3264). It has none: audio goes to
// a port that discards it.
// SPDX-License-Identifier: MIT
#pragma once

#include <agent/endpoint.h>
#include <answer/sdp_answer.h>

#include <sipring/core/sdp/direction.h>

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace sipring::app {

class PhoneMedia {
 public:
  // `session`: the number of the session, another one for each call.
  PhoneMedia(const Endpoint& endpoint, std::uint16_t port, std::uint64_t session)
      : host_(endpoint.host), ipv6_(endpoint.ipv6), port_(port), session_(session) {}

  // Valid until the next call. On hold we send alone (section 8.4).
  std::string_view offer(bool holds);
  std::expected<std::string_view, SdpError> answer(std::string_view offer, bool holds);

 private:
  [[nodiscard]] SdpOrigin origin(bool holds) const;

  std::string host_;
  bool ipv6_;
  std::uint16_t port_;
  std::uint64_t session_;
  std::uint32_t version_ = 1;
  std::string last_;  // said
};

// Of its first audio; of one that cannot be read: both ways.
[[nodiscard]] sdp::Direction direction_of(std::string_view description);

}  // namespace sipring::app
