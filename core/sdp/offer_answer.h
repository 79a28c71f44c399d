// Offers and answers: RFC 3264 sections 5 and 6. Multicast streams are out of scope.
//
//   sdp::Writer writer(room);
//   const auto answer = sdp::write_answer(offer, capabilities, self, writer);
//   if (answer && answer->accepted == 0) ... 488 (RFC 3261 section 21.4.26)
//
// Nothing allocates: both write straight into the caller's room.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/sdp/capabilities.h>
#include <sipring/core/sdp/session.h>
#include <sipring/core/sdp/writer.h>

#include <cstdint>
#include <expected>

namespace sipring::sdp {

enum class OfferAnswerError : std::uint8_t {
  too_large,   // the room is too small
  unwritable,  // a text of ours has CR, LF or NUL in it
};

struct Answered {
  std::uint32_t media = 0;     // m= lines, as many as in the offer
  std::uint32_t accepted = 0;  // with a port that is not 0
};

// An m= line for each capability, in their order: a later offer of the session with the same
// capabilities (other directions, port 0 for one that is no longer in use) keeps them in place
// (section 8). Raise the version with every change.
std::expected<void, OfferAnswerError> write_offer(const Capabilities& capabilities,
                                                  const LocalSession& self, Writer& writer);

// Every m= line in the offer's order. Accepted: the kind and protocol are ours, a codec is common
// (telephone-event and CN come along with one, never alone), keys can be agreed on; each capability
// serves one m= line. Everything else is rejected by port 0. Payload types are the offer's numbers.
// A direction is mirrored and cut to ours; a null address without ICE is an old hold (section 8.4).
// Beyond 64 m= lines all are rejected.
std::expected<Answered, OfferAnswerError> write_answer(const Session& offer,
                                                       const Capabilities& capabilities,
                                                       const LocalSession& self, Writer& writer);

// What the offerer lets happen: its direction, with an old hold taken into account.
[[nodiscard]] Direction offered_direction(const Media& media);

}  // namespace sipring::sdp
