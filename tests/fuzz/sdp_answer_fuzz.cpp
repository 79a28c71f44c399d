// The answer to whatever parses is a session description by the strict reading of its own lines,
// and passes the check.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/changes.h>
#include <sipring/core/sdp/check_answer.h>
#include <sipring/core/sdp/offer_answer.h>

#include <array>
#include <memory_resource>

#include "tests/fuzz/fuzz.h"

namespace {

using namespace sipring;

constexpr sdp::Codec audio[] = {
    {.encoding = "opus", .clock_rate = 48'000, .channels = 2, .payload_type = 111},
    {.encoding = "PCMU", .payload_type = 0},
    {.encoding = "AMR", .payload_type = 96, .fmtp = "octet-align=1"},
    {.encoding = "telephone-event", .payload_type = 101, .fmtp = "0-15"}};
constexpr sdp::Codec video[] = {{.encoding = "H264", .clock_rate = 90'000, .payload_type = 97}};
constexpr std::string_view rtp[] = {sdp::rtp_avp, sdp::rtp_savp, sdp::dtls_savpf};
constexpr std::string_view udptl[] = {sdp::udptl};
constexpr std::string_view t38[] = {"t38"};
const sdp::Crypto keys[] = {{1, "AES_CM_128_HMAC_SHA1_80", "inline:eA==", "", {}}};
const sdp::Fingerprint fingerprint{"sha-256", "AB:CD", {}};

sdp::MediaCapability rtp_media(std::string_view kind, std::uint16_t port,
                               std::span<const sdp::Codec> codecs) {
  sdp::MediaCapability media{.kind = kind, .port = port, .protocols = rtp, .codecs = codecs};
  media.rtcp_mux = true, media.fingerprint = fingerprint, media.crypto = keys;
  return media;
}

const std::array media{rtp_media("audio", 4000, audio), rtp_media("video", 4002, video),
                       sdp::MediaCapability{.kind = "image",
                                            .port = 4004,
                                            .protocols = udptl,
                                            .formats = t38,
                                            .fax = sdp::Fax{.version = 3}}};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static sdp::Session offer(128, 8, *std::pmr::new_delete_resource());
  static sdp::Session answer(256, 8, *std::pmr::new_delete_resource());
  static char room[65'535];
  if (size > 16'000 || !parse(fuzz::text_of(data, size), offer)) return 0;
  sdp::Writer writer(room);
  const sdp::Capabilities capabilities{
      .media = media, .bundle = size % 2 == 0, .single_codec = size % 3 == 0};
  const auto answered = write_answer(offer, capabilities, {.address = "192.0.2.9"}, writer);
  fuzz::must(answered.has_value(), "an answer");
  const Parsed<sdp::Reading> read = parse(writer.view(), answer);
  fuzz::must(read.has_value() && answer.media_count() == offer.media_count(), "parses");
  fuzz::must(!read->forgiven.has(Forgiveness::sdp_line_missing) &&
                 !read->forgiven.has(Forgiveness::sdp_line_unknown) &&
                 !read->forgiven.has(Forgiveness::sdp_line_end),
             "whole");
  fuzz::must(check_answer(offer, answer).empty(), "passes the check");
  (void)sdp::compare(offer, answer);
  for (std::uint32_t i = 0; i < offer.media_count(); ++i) (void)sdp::change_of(offer, answer, i);
  return 0;
}
