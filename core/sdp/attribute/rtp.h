// Attributes of RTP media: payload types, packet times, RTCP, sources, header extensions. A parse
// function each, over the attribute's value (Section::attributes).
//
// Lifetime: views point into the value. Reading is tolerant, strictly() refuses what was forgiven.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/tolerance.h>
#include <sipring/core/result.h>
#include <sipring/core/sdp/detail/words.h>
#include <sipring/core/sdp/direction.h>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

namespace sipring::sdp {

// RFC 8866 section 6.6. A missing clock rate is forgiven: "31 LPC".
struct Rtpmap {
  std::uint8_t payload_type = 0;  // 0 to 127
  std::string_view encoding;      // compared without case (RFC 4855 section 3)
  std::uint32_t clock_rate = 0;   // hertz; 0: missing
  std::string_view parameters;    // the number of channels for audio; empty: none, so 1
  Forgiven forgiven;
};
Parsed<Rtpmap> parse_rtpmap(std::string_view value);
// Of audio: parameters as a number, 1 without.
[[nodiscard]] std::uint32_t channels_of(const Rtpmap& rtpmap);

// RFC 8866 section 6.15: "97 profile-level-id=42e01f;packetization-mode=1", "101 0-15", "98".
struct Fmtp {
  std::string_view format;      // a payload type of RTP media
  std::string_view parameters;  // walk them with FmtpParameters, or take them raw
  Forgiven forgiven;
};
Parsed<Fmtp> parse_fmtp(std::string_view value);

struct FmtpParameter {
  std::string_view name;
  std::string_view value;  // empty: none
};

// Parameters separated by ";", as most formats have them: for (auto p : FmtpParameters(text)) ...
class FmtpParameters {
 public:
  class Cursor {
   public:
    explicit Cursor(Words::Iterator words) : words_(words) { skip_blank(); }
    [[nodiscard]] FmtpParameter value() const;
    void next() {
      ++words_;
      skip_blank();
    }
    [[nodiscard]] bool at_end() const { return words_ == std::default_sentinel; }

   private:
    void skip_blank();
    Words::Iterator words_;
  };
  using Iterator = InputIterator<Cursor>;

  explicit FmtpParameters(std::string_view text) : words_(text, ";") {}
  [[nodiscard]] Iterator begin() const { return Iterator(words_.begin()); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }
  // The value of the first parameter of this name, compared without case; nullopt when absent.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

 private:
  Words words_;
};

// ptime, maxptime (RFC 8866 sections 6.4, 6.5; milliseconds), framerate (section 6.13; a second).
struct Decimal {
  std::uint64_t thousandths = 0;
  [[nodiscard]] std::uint64_t whole() const { return thousandths / 1000; }
  Forgiven forgiven;
};
Parsed<Decimal> parse_ptime(std::string_view value);
Parsed<Decimal> parse_maxptime(std::string_view value);
Parsed<Decimal> parse_framerate(std::string_view value);

// RFC 3605 section 2.1.
struct Rtcp {
  std::uint16_t port = 0;
  std::string_view network_type, address_type, address;  // empty: those of the media
  Forgiven forgiven;
};
Parsed<Rtcp> parse_rtcp(std::string_view value);

// RFC 4585 section 4.2: "96 nack pli", "* ccm fir" (RFC 5104), "97 transport-cc".
struct RtcpFeedback {
  std::optional<std::uint8_t> payload_type;  // nullopt: "*", all of them
  std::string_view type;                     // "ack", "nack", "trr-int", "ccm" ...
  std::string_view parameters;               // "pli", "fir" ...; empty: none
  Forgiven forgiven;
};
Parsed<RtcpFeedback> parse_rtcp_feedback(std::string_view value);

// RFC 5576 section 4.1: "2231627014 cname:user@example.com".
struct Source {
  std::uint32_t id = 0;
  std::string_view attribute;
  std::string_view value;  // empty: none
  Forgiven forgiven;
};
Parsed<Source> parse_ssrc(std::string_view value);

// RFC 5576 section 4.2: "FID 2231627014 632943048".
struct SourceGroup {
  std::string_view semantics;
  std::string_view sources;  // numbers: for (auto id : Words(sources))
  Forgiven forgiven;
};
Parsed<SourceGroup> parse_ssrc_group(std::string_view value);

// RFC 8285 section 8: "3/sendonly urn:ietf:params:rtp-hdrext:toffset".
struct HeaderExtension {
  std::uint16_t id = 0;                // 1 to 255, or 4096 to 4351 (section 5)
  std::optional<Direction> direction;  // nullopt: that of the media
  std::string_view uri;
  std::string_view attributes;  // empty: none
  Forgiven forgiven;
};
Parsed<HeaderExtension> parse_extmap(std::string_view value);

// sctp-port (RFC 8841 section 5).
struct SctpPort {
  std::uint16_t port = 0;  // 0: the association is closed
  Forgiven forgiven;
};
Parsed<SctpPort> parse_sctp_port(std::string_view value);

}  // namespace sipring::sdp
