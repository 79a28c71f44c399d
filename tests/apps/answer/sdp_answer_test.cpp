// RFC 3264 sections 5 and 6.
// SPDX-License-Identifier: MIT
#include <answer/sdp_answer.h>

#include <gmock/gmock.h>

#include <string>

#include "tests/support/sip_text.h"

namespace sipring::app::test {
namespace {

using namespace sipring::test;

constexpr SdpOrigin origin{.session = 17, .version = 3, .host = "192.0.2.9"};
const std::string session = "v=0\no=- 9 9 IN IP4 h\ns=x\nc=IN IP4 h\nt=0 0\n";
const std::string answered_session =
    "v=0\no=- 17 3 IN IP4 192.0.2.9\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\n";

std::expected<std::string, SdpError> answer_to(const std::string& offer,
                                               const SdpOrigin& local = origin) {
  SdpText text;
  if (const auto written = write_sdp_answer(sip(offer), local, text); !written) {
    return std::unexpected(written.error());
  }
  std::string lines(text.view());
  std::erase(lines, '\r');
  return lines;
}

TEST(SdpAnswer, takes_the_first_codec_that_it_knows_and_telephone_events) {
  EXPECT_EQ(answer_to(session + "m=audio 4000 RTP/AVP 9 8 0 96 101\na=rtpmap:96 opus/48000/2\n"
                                "a=rtpmap:101 telephone-event/8000\n"),
            answered_session +
                "m=audio 9 RTP/AVP 8 101\na=rtpmap:8 PCMA/8000\n"
                "a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\na=sendrecv\n");
}

TEST(SdpAnswer, knows_a_codec_by_its_name_under_any_payload_type) {
  EXPECT_EQ(answer_to(session + "m=audio 4000/2 RTP/AVP 99\na=rtpmap:99 pcmu/8000/1\n"),
            answered_session + "m=audio 9 RTP/AVP 99\na=rtpmap:99 PCMU/8000\na=sendrecv\n");
}

TEST(SdpAnswer, answers_every_media_in_order_and_rejects_with_port_0) {
  EXPECT_EQ(
      answer_to(session + "m=video 5000 RTP/AVP 31 32\nm=audio 4000 RTP/AVP 0\n"
                          "m=audio 6000 RTP/SAVP 0\nm=audio 0 RTP/AVP 0\nm=image 7000 udptl t38\n"),
      answered_session +
          "m=video 0 RTP/AVP 31\nm=audio 9 RTP/AVP 0\na=rtpmap:0 PCMU/8000\na=sendrecv\n"
          "m=audio 0 RTP/SAVP 0\nm=audio 0 RTP/AVP 0\nm=image 0 udptl t38\n");
}

TEST(SdpAnswer, mirrors_the_direction_of_the_media_or_else_of_the_session) {
  const auto direction_for = [](const std::string& of_session, const std::string& of_media) {
    const auto answer =
        answer_to(session + of_session + "m=audio 4000 RTP/AVP 0\n" + of_media).value();
    return answer.substr(answer.rfind("a="));
  };
  EXPECT_EQ(direction_for("", "a=sendonly\n"), "a=recvonly\n");
  EXPECT_EQ(direction_for("", "a=recvonly\n"), "a=sendonly\n");
  EXPECT_EQ(direction_for("", "a=inactive\n"), "a=inactive\n");
  EXPECT_EQ(direction_for("a=sendonly\n", ""), "a=recvonly\n");
  EXPECT_EQ(direction_for("a=sendonly\n", "a=sendrecv\n"), "a=sendrecv\n");
}

TEST(SdpAnswer, repeats_the_times_of_the_offer) {
  EXPECT_THAT(answer_to("v=0\no=- 9 9 IN IP4 h\ns=x\nt=2873397496 2873404696\n").value(),
              ::testing::HasSubstr("t=2873397496 2873404696\n"));
}

TEST(SdpAnswer, names_an_IPv6_host_as_such) {
  SdpOrigin v6 = origin;
  v6.host = "2001:db8::9";
  v6.ipv6 = true;
  EXPECT_THAT(answer_to(session, v6).value(), ::testing::HasSubstr("c=IN IP6 2001:db8::9\n"));
}

TEST(SdpAnswer, has_no_media_when_the_offer_has_none) {
  EXPECT_EQ(answer_to(session), answered_session);
}

TEST(SdpAnswer, is_refused_when_no_media_can_be_used) {
  EXPECT_EQ(answer_to(session + "m=audio 4000 RTP/AVP 9 18\n"),
            std::unexpected(SdpError::nothing_usable));
  EXPECT_EQ(answer_to(session + "m=audio 4000 RTP/AVP 0\na=rtpmap:0 opus/48000\n"),
            std::unexpected(SdpError::nothing_usable));
}

TEST(SdpAnswer, is_refused_to_what_is_no_session_description) {
  EXPECT_EQ(answer_to("hello\n"), std::unexpected(SdpError::malformed));
  EXPECT_EQ(answer_to(session + "m=audio\n"), std::unexpected(SdpError::malformed));
  EXPECT_EQ(answer_to(session + "m=audio 99999 RTP/AVP 0\n"), std::unexpected(SdpError::malformed));
  EXPECT_EQ(answer_to(session + "nonsense\n"), std::unexpected(SdpError::malformed));
}

TEST(SdpAnswer, is_refused_when_it_would_not_fit) {
  std::string offer = session + "m=audio 4000 RTP/AVP 0\n";
  for (int i = 0; i < 1000; ++i) offer += "m=video 5000 RTP/AVP 31\n";
  EXPECT_EQ(answer_to(offer), std::unexpected(SdpError::too_large));
}

TEST(SdpAnswer, is_accepted_by_us_when_we_offer) {
  SdpText offer;
  write_sdp_offer(origin, offer);
  SdpText answer;
  ASSERT_TRUE(write_sdp_answer(offer.view(), origin, answer));
  EXPECT_THAT(std::string(answer.view()), ::testing::HasSubstr("m=audio 9 RTP/AVP 0 101\r\n"));
}

}  // namespace
}  // namespace sipring::app::test
