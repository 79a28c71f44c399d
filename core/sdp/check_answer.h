// Whether an answer fits its offer: RFC 3264 section 6, and what RFC 5761, 4145, 9143 and 4568 add.
// Each violation is named, with the m= line that it is in.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/sdp/session.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace sipring::sdp {

enum class Breach : std::uint8_t {
  media_count,        // not as many m= lines as in the offer
  media_kind,         // another kind, or another order
  protocol,           // another transport protocol
  accepted_rejected,  // a port where the offer had none
  no_common_format,   // accepted without a format of the offer
  payload_remapped,   // a payload type of the offer stands for another codec
  direction,          // sends to who does not receive, or receives from who does not send
  missing_address,    // accepted without a c= for it
  times,              // t=, r= or z= are not the offer's
  mid,                // another mid than the offer's
  group,              // BUNDLE of what was not offered so, or was rejected
  bundle_port,        // bundled m= lines with different ports
  rtcp_mux,           // rtcp-mux that was not offered (RFC 5761 section 5.1.1)
  setup,              // a role that does not answer the offered one (RFC 4145 section 4.1)
  crypto,             // a tag or suite that was not offered (RFC 4568 section 5.1.2)
  missing_key,        // a secure profile without a key
};
[[nodiscard]] std::string_view to_string(Breach breach);    // "media_count"
[[nodiscard]] std::string_view rfc_section(Breach breach);  // "RFC 3264 section 6"
[[nodiscard]] std::string_view explanation(Breach breach);  // one sentence for a human

struct Violation {
  static constexpr std::uint32_t session = 0xffffffff;  // `media` of what belongs to no m= line
  Breach breach = Breach::media_count;
  std::uint32_t media = session;
  friend bool operator==(const Violation&, const Violation&) = default;
};

// The first 32 in order; count() is how many there were.
class Violations {
 public:
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] const Violation* begin() const { return kept_.data(); }
  [[nodiscard]] const Violation* end() const;
  [[nodiscard]] bool has(Breach breach) const;
  void add(Breach breach, std::uint32_t media = Violation::session);

 private:
  std::array<Violation, 32> kept_;
  std::uint32_t count_ = 0;
};

[[nodiscard]] Violations check_answer(const Session& offer, const Session& answer);

}  // namespace sipring::sdp
