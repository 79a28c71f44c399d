// Lines that offers and answers have in common.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/sdp/detail/payloads.h>
#include <sipring/core/sdp/offer_answer.h>
#include <sipring/core/sdp/writer.h>

#include <string_view>

namespace sipring::sdp::detail {

// v=, o=, s=, c=.
void write_head(const LocalSession& self, Writer& writer);
// The c= of a media that has an address of its own.
void write_address(const MediaCapability& capability, Writer& writer);
// rtpmap, and fmtp where there are parameters.
void write_payload(const Payload& payload, Writer& writer);
// ptime and maxptime, then whatever the application adds.
void write_extras(const MediaCapability& capability, Writer& writer);

}  // namespace sipring::sdp::detail
