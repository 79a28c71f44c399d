// The payload types of RTP media: what the numbers of an m= line stand for, by rtpmap or by the
// table of RFC 3551 section 6.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/sdp/session.h>
#include <sipring/pools/detail/room.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sipring::sdp {

struct Payload {
  std::uint8_t number = 0;
  std::string_view encoding;     // empty: a dynamic type without an rtpmap
  std::uint32_t clock_rate = 0;  // 0: unknown
  std::uint32_t channels = 1;
  std::string_view fmtp;  // the parameters; empty: none
};

// RFC 3551 section 6; nullopt for a dynamic or unassigned number.
[[nodiscard]] std::optional<Payload> static_payload(std::uint8_t number);
// Named so in both, at the same rate, with as many channels; without case.
[[nodiscard]] bool same_encoding(const Payload& a, const Payload& b);

// Valid as long as the session's text is. An rtpmap that cannot be read is as none; a number that
// comes twice counts once; formats that are no payload types are left out. One pass over the lines.
class Payloads {
 public:
  explicit Payloads(const Media& media);
  [[nodiscard]] std::uint32_t size() const { return size_; }
  // In the order of the m= line, which is the speaker's preference.
  [[nodiscard]] const Payload& operator[](std::uint32_t index) const { return payloads_[index]; }
  // nullptr when the m= line does not have it.
  [[nodiscard]] const Payload* find(std::uint8_t number) const {
    return number < most && place_[number] != 0 ? &payloads_[place_[number] - 1U] : nullptr;
  }

 private:
  static constexpr std::uint32_t most = 128;
  void read_formats(const Media& media);
  void read_rtpmap(std::string_view value);
  void read_fmtp(std::string_view value);
  [[nodiscard]] Payload* find_own(std::uint64_t number) {
    return const_cast<Payload*>(find(static_cast<std::uint8_t>(number)));
  }

  std::uint32_t size_ = 0;
  std::array<std::uint8_t, most> place_{};  // by number: 1 for the first one; 0: not there
  Room<Payload, most> payloads_;
};

}  // namespace sipring::sdp
