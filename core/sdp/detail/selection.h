// Which formats of an offered media a capability shares: RFC 3264 section 6.1.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/sdp/detail/payloads.h>
#include <sipring/core/sdp/offer_answer.h>

#include <array>
#include <cstdint>

namespace sipring::sdp::detail {

// Of RTP media, in the offer's order.
class Selection {
 public:
  struct Entry {
    const Payload* offered;
    const Codec* codec;
  };
  Selection(const Payloads& offered, const MediaCapability& ours, bool single_codec);

  // No codec is common; what only accompanies one does not count.
  [[nodiscard]] bool empty() const { return !has_main_; }
  [[nodiscard]] const Entry* begin() const { return entries_.data(); }
  [[nodiscard]] const Entry* end() const { return entries_.data() + size_; }

 private:
  std::array<Entry, 128> entries_;
  std::uint32_t size_ = 0;
  bool has_main_ = false;
};

// telephone-event (RFC 4733) and CN (RFC 3389) are no media by themselves.
[[nodiscard]] bool only_accompanies(std::string_view encoding);
[[nodiscard]] Payload payload_of(const Codec& codec);
[[nodiscard]] bool has_protocol(const MediaCapability& capability, std::string_view protocol);

// How a media is keyed.
enum class Keying : std::uint8_t { none, sdes, dtls, impossible };
[[nodiscard]] Keying keying_for(const Media& offered, const MediaCapability& ours);
// The first crypto of the offer whose suite is ours; both null when there is none.
struct CryptoMatch {
  Crypto offered;
  const Crypto* ours = nullptr;
};
[[nodiscard]] CryptoMatch match_crypto(const Media& offered, const MediaCapability& ours);

}  // namespace sipring::sdp::detail
