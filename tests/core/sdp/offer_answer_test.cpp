// RFC 3264 sections 5 and 6.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/check_answer.h>
#include <sipring/core/sdp/offer_answer.h>

#include <gmock/gmock.h>

#include <array>

#include "tests/core/sdp/texts.h"

namespace sipring::sdp {
namespace {

using testing::answer_to;
using testing::head;
using testing::media_of;
using testing::offer_of;
using testing::ReadSession;
using testing::self;

constexpr Codec codecs[] = {{.encoding = "opus",
                             .clock_rate = 48'000,
                             .channels = 2,
                             .payload_type = 111,
                             .fmtp = "useinbandfec=1"},
                            {.encoding = "PCMU", .payload_type = 0},
                            {.encoding = "PCMA", .payload_type = 8},
                            {.encoding = "telephone-event", .payload_type = 101, .fmtp = "0-15"}};

class SdpAnswering : public ::testing::Test {
 protected:
  [[nodiscard]] Capabilities capabilities() const { return {.media = {&audio, 1}}; }
  // The answer's media to an offer of this media, which must pass the check.
  [[nodiscard]] std::string answer(const std::string& media,
                                   const std::string& session = head) const {
    return answer(media, capabilities(), session);
  }
  [[nodiscard]] static std::string answer(const std::string& media, const Capabilities& capable,
                                          const std::string& session = head) {
    const ReadSession offer(session + media);
    const std::string text = answer_to(offer, capable);
    EXPECT_TRUE(check_answer(offer, ReadSession(text)).empty()) << text;
    EXPECT_TRUE(strictly(parse(testing::crlf(text), scratch()))) << text;
    return media_of(text);
  }
  static Session& scratch() {
    static Session session(512, 128, *std::pmr::new_delete_resource());
    return session;
  }
  MediaCapability audio{.port = 4000, .codecs = codecs};
};

TEST_F(SdpAnswering, takes_the_common_codecs_in_the_offers_order_with_its_numbers) {
  EXPECT_EQ(answer("m=audio 1 RTP/AVP 18 8 97 0 100\na=rtpmap:97 OPUS/48000/2\n"
                   "a=rtpmap:100 telephone-event/8000\n"),
            "m=audio 4000 RTP/AVP 8 97 0 100\na=rtpmap:8 PCMA/8000\na=rtpmap:97 opus/48000/2\n"
            "a=fmtp:97 useinbandfec=1\na=rtpmap:0 PCMU/8000\na=rtpmap:100 telephone-event/8000\n"
            "a=fmtp:100 0-15\na=sendrecv\n");
}

TEST_F(SdpAnswering, knows_dynamic_types_by_name_rate_and_channels) {
  EXPECT_EQ(
      answer("m=audio 1 RTP/AVP 97 98 99 100\na=rtpmap:97 opus/48000\na=rtpmap:98 opus/16000/2\n"
             "a=rtpmap:99 PCMU/16000\na=rtpmap:100 PCMA/8000/1\n"),
      "m=audio 4000 RTP/AVP 100\na=rtpmap:100 PCMA/8000\na=sendrecv\n");
}

TEST_F(SdpAnswering, believes_an_rtpmap_more_than_the_static_table) {
  EXPECT_EQ(answer("m=audio 1 RTP/AVP 0 8\na=rtpmap:0 x/8000\n"),
            "m=audio 4000 RTP/AVP 8\na=rtpmap:8 PCMA/8000\na=sendrecv\n");
  EXPECT_EQ(answer("m=audio 1 RTP/AVP 0\na=rtpmap:0 PCMU\n"),
            "m=audio 4000 RTP/AVP 0\na=rtpmap:0 PCMU/8000\na=sendrecv\n");
}

TEST_F(SdpAnswering, takes_events_along_with_a_codec_only) {
  EXPECT_EQ(answer("m=audio 1 RTP/AVP 101\na=rtpmap:101 telephone-event/8000\n"),
            "m=audio 0 RTP/AVP 101\n");
  EXPECT_EQ(answer("m=audio 1 RTP/AVP 101 8\na=rtpmap:101 telephone-event/8000\n"),
            "m=audio 4000 RTP/AVP 101 8\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\n"
            "a=rtpmap:8 PCMA/8000\na=sendrecv\n");
}

TEST_F(SdpAnswering, takes_a_single_codec_when_told_to) {
  Capabilities single = capabilities();
  single.single_codec = true;
  EXPECT_EQ(answer("m=audio 1 RTP/AVP 8 0 101\na=rtpmap:101 telephone-event/8000\n", single),
            "m=audio 4000 RTP/AVP 8 101\na=rtpmap:8 PCMA/8000\na=rtpmap:101 telephone-event/8000\n"
            "a=fmtp:101 0-15\na=sendrecv\n");
}

TEST_F(SdpAnswering, refuses_formats_whose_settings_do_not_fit) {
  constexpr Codec amr[] = {{.encoding = "AMR", .payload_type = 96, .fmtp = "octet-align=1"}};
  audio.codecs = amr;
  EXPECT_EQ(answer("m=audio 1 RTP/AVP 97 98\na=rtpmap:97 AMR/8000\na=rtpmap:98 AMR/8000\n"
                   "a=fmtp:98 octet-align=1; mode-set=7\n"),
            "m=audio 4000 RTP/AVP 98\na=rtpmap:98 AMR/8000\na=fmtp:98 octet-align=1\na=sendrecv\n");
}

TEST_F(SdpAnswering, keeps_rejected_media_in_place_with_a_format) {
  EXPECT_EQ(answer("m=video 2 RTP/AVP 31 32\nm=audio 1 RTP/AVP 0\nm=audio 0 RTP/AVP 8\n"
                   "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\nm=audio 3 RTP/AVP 0\n"
                   "m=audio 1 RTP/AVP 18\nm=audio 5 RTP/AVPF 0\n"),
            "m=video 0 RTP/AVP 31\nm=audio 4000 RTP/AVP 0\na=rtpmap:0 PCMU/8000\na=sendrecv\n"
            "m=audio 0 RTP/AVP 8\nm=application 0 UDP/DTLS/SCTP webrtc-datachannel\n"
            "m=audio 0 RTP/AVP 0\nm=audio 0 RTP/AVP 18\nm=audio 0 RTP/AVPF 0\n");
}

TEST_F(SdpAnswering, says_how_many_were_accepted) {
  const ReadSession offer(head + "m=video 2 RTP/AVP 31\nm=audio 1 RTP/AVP 0\n");
  char room[1024];
  Writer writer(room);
  const auto answered = write_answer(offer, capabilities(), self, writer);
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->media, 2u);
  EXPECT_EQ(answered->accepted, 1u);
}

TEST_F(SdpAnswering, rejects_what_comes_after_64_media) {
  std::vector<MediaCapability> many(100, audio);
  std::string media;
  for (int i = 0; i < 100; ++i) media += "m=audio 1 RTP/AVP 0\n";
  const std::string text = answer(media, {.media = many});
  std::size_t accepted = 0, all = 0;
  for (std::size_t at = 0; (at = text.find("m=audio 4000", at)) != text.npos; ++at) ++accepted;
  for (std::size_t at = 0; (at = text.find("m=audio", at)) != text.npos; ++at) ++all;
  EXPECT_EQ(accepted, 64u);
  EXPECT_EQ(all, 100u);
}

struct DirectionCase {
  std::string_view offered;
  Direction ours, answered;
};

TEST_F(SdpAnswering, mirrors_the_direction_and_cuts_it_to_ours) {
  using enum Direction;
  constexpr DirectionCase cases[] = {{"a=sendrecv\n", sendrecv, sendrecv},
                                     {"a=sendonly\n", sendrecv, recvonly},
                                     {"a=recvonly\n", sendrecv, sendonly},
                                     {"a=inactive\n", sendrecv, inactive},
                                     {"", sendrecv, sendrecv},
                                     {"a=sendrecv\n", recvonly, recvonly},
                                     {"a=sendrecv\n", sendonly, sendonly},
                                     {"a=sendonly\n", sendonly, inactive},
                                     {"a=recvonly\n", recvonly, inactive},
                                     {"a=sendrecv\n", inactive, inactive}};
  for (const DirectionCase& one : cases) {
    audio.direction = one.ours;
    EXPECT_THAT(answer("m=audio 1 RTP/AVP 0\n" + std::string(one.offered)),
                ::testing::EndsWith("a=" + std::string(to_string(one.answered)) + "\n"))
        << one.offered;
    EXPECT_THAT(answer("m=audio 1 RTP/AVP 0\n", head + std::string(one.offered)),
                ::testing::EndsWith("a=" + std::string(to_string(one.answered)) + "\n"));
  }
}

TEST_F(SdpAnswering, takes_a_null_address_for_a_hold_but_with_ICE) {
  const std::string held = "m=audio 1 RTP/AVP 0\nc=IN IP4 0.0.0.0\n";
  EXPECT_THAT(answer(held), ::testing::EndsWith("a=recvonly\n"));
  EXPECT_THAT(answer(held + "a=recvonly\n"), ::testing::EndsWith("a=inactive\n"));
  EXPECT_THAT(answer("m=audio 1 RTP/AVP 0\nc=IN IP6 ::\n"), ::testing::EndsWith("a=recvonly\n"));
  EXPECT_THAT(answer(held + "a=ice-ufrag:abcd\n"), ::testing::EndsWith("a=sendrecv\n"));
}

TEST_F(SdpAnswering, copies_the_times) {
  const ReadSession offer(
      "v=0\no=- 1 1 IN IP4 h\ns=-\nt=2873397496 2873404696\nr=7d 1h 0\nt=0 0\n");
  EXPECT_EQ(answer_to(offer, capabilities()),
            "v=0\no=- 7 3 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=2873397496 2873404696\n"
            "r=7d 1h 0\nt=0 0\n");
  const ReadSession none("v=0\no=- 1 1 IN IP4 h\ns=-\n");
  EXPECT_THAT(answer_to(none, capabilities()), ::testing::EndsWith("t=0 0\n"));
}

TEST_F(SdpAnswering, multiplexes_RTCP_only_when_both_do) {
  EXPECT_THAT(answer("m=audio 1 RTP/AVP 0\na=rtcp-mux\n"),
              ::testing::Not(::testing::HasSubstr("mux")));
  audio.rtcp_mux = true;
  EXPECT_THAT(answer("m=audio 1 RTP/AVP 0\na=rtcp-mux\n"), ::testing::HasSubstr("a=rtcp-mux\n"));
  EXPECT_THAT(answer("m=audio 1 RTP/AVP 0\n"), ::testing::Not(::testing::HasSubstr("mux")));
}

TEST_F(SdpAnswering, leaves_out_what_belongs_to_a_time_that_cannot_be_read) {
  const ReadSession offer(
      "v=0\no=- 1 1 IN IP4 h\ns=-\nt=28x 1\nr=7d 1h 0\nt=2873397496 0\nr=1d 1h 0\n");
  const std::string answer = answer_to(offer, capabilities());
  EXPECT_THAT(answer, ::testing::EndsWith("t=2873397496 0\nr=1d 1h 0\n"));
  EXPECT_TRUE(check_answer(offer, ReadSession(answer)).empty());
}

TEST_F(SdpAnswering, writes_times_addresses_and_extras_of_the_application) {
  const Attribute extras[] = {{"ice-ufrag", "9dWk", true}, {"end-of-candidates", "", false}};
  audio.ptime = 20, audio.maxptime = 60, audio.address = "2001:db8::7", audio.ipv6 = true;
  audio.attributes = extras;
  EXPECT_EQ(answer("m=audio 1 RTP/AVP 0\n"),
            "m=audio 4000 RTP/AVP 0\nc=IN IP6 2001:db8::7\na=rtpmap:0 PCMU/8000\na=sendrecv\n"
            "a=ptime:20\na=maxptime:60\na=ice-ufrag:9dWk\na=end-of-candidates\n");
}

const Fingerprint fingerprint{"sha-256", "AB:CD", {}};

TEST_F(SdpAnswering, agrees_on_DTLS_with_a_role) {
  constexpr std::string_view protocols[] = {dtls_savpf, rtp_savpf};
  audio.protocols = protocols;
  audio.fingerprint = fingerprint;
  const auto role = [&](const std::string& lines) {
    return answer("m=audio 1 UDP/TLS/RTP/SAVPF 0\na=fingerprint:sha-256 01:02\n" + lines);
  };
  EXPECT_THAT(role("a=setup:actpass\n"),
              ::testing::EndsWith("a=fingerprint:sha-256 AB:CD\na=setup:active\n"));
  EXPECT_THAT(role("a=setup:active\n"), ::testing::EndsWith("a=setup:passive\n"));
  EXPECT_THAT(role("a=setup:passive\n"), ::testing::EndsWith("a=setup:active\n"));
  EXPECT_THAT(role("a=setup:holdconn\n"), ::testing::EndsWith("a=setup:holdconn\n"));
  EXPECT_THAT(role(""), ::testing::EndsWith("a=setup:passive\n"));
  EXPECT_EQ(answer("m=audio 1 UDP/TLS/RTP/SAVPF 0\n"), "m=audio 0 UDP/TLS/RTP/SAVPF 0\n");
  EXPECT_THAT(answer("m=audio 1 RTP/SAVPF 0\na=setup:actpass\n", head + "a=fingerprint:sha-1 01\n"),
              ::testing::EndsWith("a=setup:active\n"));
}

TEST_F(SdpAnswering, agrees_on_a_crypto_suite_by_the_offers_tag) {
  constexpr std::string_view protocols[] = {rtp_savp};
  const Crypto ours[] = {{1, "AES_CM_128_HMAC_SHA1_80", "inline:b3Vycw==", "", {}}};
  audio.protocols = protocols;
  audio.crypto = ours;
  EXPECT_THAT(
      answer("m=audio 1 RTP/SAVP 0\na=crypto:4 AES_CM_128_HMAC_SHA1_32 inline:eA==\n"
             "a=crypto:5 AES_CM_128_HMAC_SHA1_80 inline:eA==\n"),
      ::testing::EndsWith("a=sendrecv\na=crypto:5 AES_CM_128_HMAC_SHA1_80 inline:b3Vycw==\n"));
  EXPECT_EQ(answer("m=audio 1 RTP/SAVP 0\na=crypto:4 F8_128_HMAC_SHA1_80 inline:eA==\n"),
            "m=audio 0 RTP/SAVP 0\n");
  EXPECT_EQ(answer("m=audio 1 RTP/SAVP 0\n"), "m=audio 0 RTP/SAVP 0\n");
}

class SdpBundle : public SdpAnswering {
 protected:
  static constexpr Codec vp8[] = {{.encoding = "VP8", .clock_rate = 90'000, .payload_type = 96}};
  std::array<MediaCapability, 2> media{
      MediaCapability{.port = 4000, .codecs = codecs, .rtcp_mux = true, .mid = "a"},
      MediaCapability{.kind = "video", .port = 5000, .codecs = vp8, .rtcp_mux = true, .mid = "v"}};
  Capabilities capable{.media = media, .bundle = true};
  const std::string audio_lines = "m=audio 1 RTP/AVP 0\na=mid:x\na=rtcp-mux\n";
  const std::string video_lines =
      "m=video 2 RTP/AVP 99\na=mid:y\na=rtpmap:99 VP8/90000\na=rtcp-mux\n";

  std::string whole(const std::string& lines, const std::string& group) {
    const ReadSession offer(head + group + lines);
    const std::string text = answer_to(offer, capable);
    EXPECT_TRUE(check_answer(offer, ReadSession(text)).empty()) << text;
    return text;
  }
};

TEST_F(SdpBundle, shares_the_port_of_its_first_member) {
  const std::string text = whole(audio_lines + video_lines, "a=group:BUNDLE x y\n");
  EXPECT_THAT(text, ::testing::HasSubstr("a=group:BUNDLE x y\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("m=audio 4000"));
  EXPECT_THAT(text, ::testing::HasSubstr("m=video 4000"));
}

TEST_F(SdpBundle, has_only_members_that_were_accepted) {
  const std::string text =
      whole("m=audio 1 RTP/AVP 18\na=mid:x\na=rtcp-mux\n" + video_lines, "a=group:BUNDLE x y\n");
  EXPECT_THAT(text, ::testing::HasSubstr("a=group:BUNDLE y\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("m=audio 0 RTP/AVP 18\nm=video 5000"));
}

TEST_F(SdpBundle, is_not_made_when_it_is_not_wanted_or_offered) {
  EXPECT_THAT(whole(audio_lines + video_lines, ""), ::testing::Not(::testing::HasSubstr("group")));
  capable.bundle = false;
  EXPECT_THAT(whole(audio_lines + video_lines, "a=group:BUNDLE x y\n"),
              ::testing::Not(::testing::HasSubstr("group")));
}

TEST_F(SdpBundle, takes_what_has_no_port_outside_of_it) {
  const std::string only =
      "m=video 0 RTP/AVP 99\na=mid:y\na=rtpmap:99 VP8/90000\na=rtcp-mux\na=bundle-only\n";
  EXPECT_THAT(whole(audio_lines + only, "a=group:BUNDLE x y\n"),
              ::testing::HasSubstr("m=video 4000"));
  EXPECT_THAT(whole("m=audio 1 RTP/AVP 18\na=mid:x\n" + only, "a=group:BUNDLE x y\n"),
              ::testing::HasSubstr("m=audio 0 RTP/AVP 18\nm=video 0 RTP/AVP 99\n"));
}

TEST_F(SdpBundle, is_offered_for_media_that_multiplex_RTCP) {
  EXPECT_THAT(offer_of(capable), ::testing::HasSubstr("a=group:BUNDLE a v\n"));
  media[0].rtcp_mux = false;
  EXPECT_THAT(offer_of(capable), ::testing::HasSubstr("a=group:BUNDLE v\n"));
}

TEST_F(SdpAnswering, agrees_on_T38) {
  constexpr std::string_view protocols[] = {udptl};
  constexpr std::string_view formats[] = {"t38"};
  const MediaCapability fax{.kind = "image",
                            .port = 6000,
                            .protocols = protocols,
                            .formats = formats,
                            .fax = Fax{.version = 3,
                                       .max_bit_rate = 33'600,
                                       .fill_bit_removal = true,
                                       .rate_management = "localTCF",
                                       .max_datagram = 400,
                                       .error_correction = "t38UDPRedundancy"}};
  EXPECT_EQ(answer("m=image 1 udptl t38\na=T38FaxVersion:0\na=T38MaxBitRate:14400\n"
                   "a=T38FaxRateManagement:transferredTCF\na=T38FaxFillBitRemoval:0\n",
                   {.media = {&fax, 1}}),
            "m=image 6000 udptl t38\na=T38FaxVersion:0\na=T38MaxBitRate:14400\n"
            "a=T38FaxRateManagement:transferredTCF\na=T38FaxMaxDatagram:400\n"
            "a=T38FaxUdpEC:t38UDPRedundancy\n");
}

TEST_F(SdpAnswering, offers_what_it_can) {
  constexpr Codec vp8[] = {{.encoding = "VP8", .clock_rate = 90'000, .payload_type = 96}};
  audio.ptime = 20;
  const MediaCapability unused{.kind = "video", .port = 0, .codecs = vp8};
  const MediaCapability both[] = {audio, unused};
  EXPECT_EQ(
      offer_of({.media = both}),
      "v=0\no=- 7 3 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\n"
      "m=audio 4000 RTP/AVP 111 0 8 101\na=rtpmap:111 opus/48000/2\na=fmtp:111 useinbandfec=1\n"
      "a=rtpmap:0 PCMU/8000\na=rtpmap:8 PCMA/8000\na=rtpmap:101 telephone-event/8000\n"
      "a=fmtp:101 0-15\na=sendrecv\na=ptime:20\nm=video 0 RTP/AVP 96\n");
}

TEST_F(SdpAnswering, offers_keys) {
  constexpr std::string_view sdes[] = {rtp_savp}, dtls[] = {dtls_savp};
  const Crypto crypto[] = {{1, "A", "inline:eA==", "KDR=1", {}}};
  audio.protocols = sdes, audio.crypto = crypto;
  EXPECT_THAT(offer_of(capabilities()), ::testing::EndsWith("a=crypto:1 A inline:eA== KDR=1\n"));
  audio.protocols = dtls, audio.fingerprint = fingerprint;
  EXPECT_THAT(offer_of(capabilities()),
              ::testing::EndsWith("a=fingerprint:sha-256 AB:CD\na=setup:actpass\n"));
}

TEST_F(SdpAnswering, says_what_does_not_fit_or_cannot_be_written) {
  const ReadSession offer(head + "m=audio 1 RTP/AVP 0\n");
  char room[90];
  Writer writer(room);
  EXPECT_EQ(write_answer(offer, capabilities(), self, writer).error(), OfferAnswerError::too_large);
  writer.clear();
  EXPECT_EQ(write_offer(capabilities(), self, writer).error(), OfferAnswerError::too_large);
  char large[1024];
  Writer other(large);
  LocalSession smuggling = self;
  smuggling.name = "x\r\na=evil";
  EXPECT_EQ(write_offer(capabilities(), smuggling, other).error(), OfferAnswerError::unwritable);
}

}  // namespace
}  // namespace sipring::sdp
