// RFC 3264 sections 5 and 6.
// SPDX-License-Identifier: MIT
#include <answer/sdp_answer.h>

#include <sipring/core/message/header/warning.h>

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
            std::unexpected(SdpError::no_codec));
  EXPECT_EQ(answer_to(session + "m=audio 4000 RTP/AVP\n"), std::unexpected(SdpError::no_codec));
  EXPECT_EQ(answer_to(session + "m=audio 4000 RTP/AVP 0\na=rtpmap:0 opus/48000\n"),
            std::unexpected(SdpError::no_codec));
  EXPECT_EQ(answer_to(session + "m=audio 4000 RTP/SAVP 0\nm=video 4000 RTP/AVP 31\n"),
            std::unexpected(SdpError::no_transport));
  EXPECT_EQ(answer_to(session + "m=audio 0 RTP/AVP 0\nm=video 4000 RTP/AVP 31\n"),
            std::unexpected(SdpError::no_audio));
}

TEST(SdpAnswer, agrees_that_no_media_is_in_use_when_none_is_offered_for_use) {
  EXPECT_EQ(answer_to(session + "m=audio 0 RTP/AVP 0\nm=video 0 RTP/AVP\n"),
            answered_session + "m=audio 0 RTP/AVP 0\nm=video 0 RTP/AVP 0\n");
}

// What phones, gateways and cameras send; all of it is forgiven by core/sdp.
TEST(SdpAnswer, answers_wherever_what_it_needs_can_be_read) {
  const std::string usable = "m=audio 4000 RTP/AVP 0\n";
  const std::string answered =
      answered_session + "m=audio 9 RTP/AVP 0\na=rtpmap:0 PCMU/8000\na=sendrecv\n";
  const std::string head = "s=x\nc=IN IP4 h\nt=0 0\n";
  const std::string offers[] = {
      "v=0 \no=- 9 9 IN IP4 h \ns=x \nc=IN IP4 h \nt=0 0 \nm=audio 4000 RTP/AVP 0 \n",
      "v=0\no= 9 9 IN IP4 h\n" + head + usable,
      "v=0\no=Acme Media Gate 9 9 IN IP4 h\n" + head + usable,
      "v=0\no=nobody knows\n" + head + usable,
      "v=0\no=\n" + head + usable,
      "v=0\no=- 9 9 IN IP4 h\ns=x\nc=IN IP4 h\nt=\n" + usable,
      "v=0\no=- 9 9 IN IP4 h\ns=x\nc=IN IP4 h\nt=now\n" + usable,
      "v=0\no=- 9 9 IN IP4 h\nm=audio 4000 RTP/AVP 0\nc=IN IP4 h\n",
      "\xef\xbb\xbf" + session + usable,
      session + "b=AS:\nb=what\nk=\n" + usable,
      session + usable + "a=\n",
      session + usable + "a=mid:\na=ptime:\na=rtpmap:\na=fmtp:\na=candidate:\na=crypto:\n",
      session + usable + "a=rtpmap 0 PCMU/8000\na=:\na=X Y=Z\na=(x)\n",
      session + usable + "a=rtpmap:0 PCMU\na=crypto:1 AES 2 3\na=candidate:1 1 TCP-ACT x\n",
      session + usable + "y=0100000001\nf=\n\n",
  };
  for (const std::string& offer : offers) EXPECT_EQ(answer_to(offer), answered) << offer;
  SdpText text;
  ASSERT_TRUE(write_sdp_answer(sip(session + usable) + std::string(3, '\0'), origin, text));
}

// Every line but those that are needed, spoilt in every way, in every place.
TEST(SdpAnswer, needs_no_other_line_than_v_c_and_m) {
  const std::string_view lines[] = {"o=- 9 9 IN IP4 h",
                                    "s=x",
                                    "i=a call",
                                    "u=http://h/",
                                    "e=a@h",
                                    "p=+1 2",
                                    "b=AS:64",
                                    "t=0 0",
                                    "r=7d 1h 0",
                                    "z=2882844526 -1h",
                                    "k=prompt",
                                    "a=sendrecv",
                                    "a=group:BUNDLE a",
                                    "a=mid:a",
                                    "a=rtpmap:0 PCMU/8000",
                                    "a=fmtp:0 x=y",
                                    "a=ptime:20",
                                    "a=rtcp:9 IN IP4 h",
                                    "a=rtcp-fb:0 nack",
                                    "a=ssrc:1 cname:x",
                                    "a=ssrc-group:FID 1 2",
                                    "a=extmap:1 urn:x",
                                    "a=setup:actpass",
                                    "a=fingerprint:sha-1 4A:AD",
                                    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MTIz|2^20",
                                    "a=candidate:1 1 UDP 1 h 9 typ host",
                                    "a=ice-ufrag:abcd",
                                    "a=ice-options:trickle",
                                    "a=msid:a b",
                                    "a=sctp-port:5000",
                                    "a=maxptime:40",
                                    "a=T38FaxVersion:0",
                                    "X=y"};
  for (const std::string_view line : lines) {
    const std::string type(line.substr(0, 2)), value(line.substr(2));
    const std::string spoilt[] = {std::string(line),
                                  type,
                                  type + " ",
                                  type + " " + value,
                                  type + value + " \t",
                                  type + "x",
                                  type + value.substr(0, value.size() / 2),
                                  type + value + " " + value,
                                  type + ":",
                                  type + "(",
                                  type + value + ":" + value,
                                  type + "\xc3\xa9 " + value,
                                  type + "-1",
                                  type + "\t" + value};
    for (const std::string& each : spoilt)
      for (const bool in_media : {false, true}) {
        const std::string& before =
            in_media ? session : "v=0\no=- 9 9 IN IP4 h\n" + each + "\nc=IN IP4 h\n";
        const std::string offer =
            before + "m=audio 4000 RTP/AVP 0 8\n" + (in_media ? each + "\n" : "");
        const auto answer = answer_to(offer);
        EXPECT_THAT(answer.value_or("refused"), ::testing::HasSubstr("m=audio 9 RTP/AVP "))
            << offer;
      }
  }
}

TEST(SdpAnswer, is_refused_to_what_is_no_session_description) {
  EXPECT_EQ(answer_to("hello\n"), std::unexpected(SdpError::malformed));
  EXPECT_EQ(answer_to(session + "m=audio\n"), std::unexpected(SdpError::malformed));
  EXPECT_EQ(answer_to(session + "m=audio 99999 RTP/AVP 0\n"), std::unexpected(SdpError::malformed));
  EXPECT_EQ(answer_to(session + "nonsense\n"), std::unexpected(SdpError::malformed));
}

TEST(SdpAnswer, is_refused_beyond_a_limit_that_is_named) {
  const auto lines = [](std::string line, std::size_t count) {
    std::string all;
    while (count-- != 0) all += line;
    return all;
  };
  const auto refused = [&](const std::string& offer) {
    const auto answer = answer_to(session + "m=audio 4000 RTP/AVP 0\n" + offer);
    return answer ? "" : std::string(rejection_of(answer.error()).headers[0].value);
  };
  EXPECT_EQ(refused(lines("m=video 5000 RTP/AVP 31\n", 63)), "");
  EXPECT_EQ(refused(lines("m=video 5000 RTP/AVP 31\n", 64)),
            "399 sipring \"The limit is 64 m= lines\"");
  EXPECT_EQ(refused(lines("a=x:1\n", 506)), "");
  EXPECT_EQ(refused(lines("a=x:1\n", 507)), "399 sipring \"The limit is 512 lines of SDP\"");
  EXPECT_EQ(refused(lines("m=video 5000 " + std::string(100, 'p') + " 31\n", 60)),
            "399 sipring \"The limit is 4096 octets of SDP in the answer\"");
  EXPECT_EQ(refused("a=x:" + std::string(65'535, 'x') + "\n"),
            "399 sipring \"The limit is 65535 octets of SDP\"");
}

TEST(SdpAnswer, says_truly_why_it_is_refused) {
  for (const SdpError error :
       {SdpError::no_audio, SdpError::no_transport, SdpError::no_codec, SdpError::too_many_lines,
        SdpError::too_many_media, SdpError::too_long, SdpError::answer_too_long}) {
    const Rejection rejection = rejection_of(error);
    EXPECT_EQ(rejection.status, 488);
    EXPECT_EQ(rejection.headers[0].name, "Warning");
    EXPECT_TRUE(parse_warning(rejection.headers[0].value)) << rejection.headers[0].value;
  }
  EXPECT_EQ(rejection_of(SdpError::malformed).status, 400);
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
