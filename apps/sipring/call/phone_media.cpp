// SPDX-License-Identifier: MIT
#include <call/phone_media.h>

#include <sipring/core/sdp/offer_answer.h>
#include <sipring/core/sdp/session.h>

#include <memory_resource>

namespace sipring::app {

SdpOrigin PhoneMedia::origin(bool holds) const {
  return {.session = session_,
          .version = version_,
          .host = host_,
          .ipv6 = ipv6_,
          .port = port_,
          .direction = holds ? sdp::Direction::sendonly : sdp::Direction::sendrecv};
}

// The version rises when something has changed, and then alone (section 8).
std::string_view PhoneMedia::offer(bool holds) {
  SdpText text;
  write_sdp_offer(origin(holds), text);
  if (text.view() != last_ && !last_.empty()) {
    ++version_;
    write_sdp_offer(origin(holds), text);
  }
  return last_ = text.view();
}

std::expected<std::string_view, SdpError> PhoneMedia::answer(std::string_view offer, bool holds) {
  SdpText text;
  auto written = write_sdp_answer(offer, origin(holds), text);
  if (written && text.view() != last_ && !last_.empty()) {
    ++version_;
    written = write_sdp_answer(offer, origin(holds), text);
  }
  if (!written) return std::unexpected(written.error());
  return last_ = text.view();
}

sdp::Direction direction_of(std::string_view description) {
  sdp::Session session(512, 64, *std::pmr::new_delete_resource());
  if (!parse(description, session)) return sdp::Direction::sendrecv;
  for (const sdp::Media media : session.media())
    if (media.kind() == "audio") return sdp::offered_direction(media);
  return sdp::Direction::sendrecv;
}

}  // namespace sipring::app
