// Each breach by an answer that has it and nothing else, and answers that are right.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/check_answer.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/core/sdp/texts.h"

namespace sipring::sdp {
namespace {

using testing::head;
using testing::ReadSession;

struct Broken {
  Breach breach;
  std::uint32_t media;
  std::string offer, answer;
};

const std::string plain_audio = "m=audio 1 RTP/AVP 0 8\n";
const std::string dtls = "m=audio 1 UDP/TLS/RTP/SAVPF 0\na=fingerprint:sha-1 01\n";
const std::string bundle = "a=group:BUNDLE x y\n";
const std::string two =
    "m=audio 1 RTP/AVP 0\na=mid:x\na=rtcp-mux\nm=video 2 RTP/AVP 31\na=mid:y\na=rtcp-mux\n";

TEST(CheckAnswer, names_each_breach_and_its_place) {
  const Broken broken[] = {
      {Breach::media_count, Violation::session, plain_audio, ""},
      {Breach::media_count, Violation::session, plain_audio, plain_audio + plain_audio},
      {Breach::media_kind, 0, plain_audio, "m=video 1 RTP/AVP 0\n"},
      {Breach::protocol, 0, plain_audio, "m=audio 1 RTP/AVPF 0\n"},
      {Breach::accepted_rejected, 1, plain_audio + "m=audio 0 RTP/AVP 0\n",
       plain_audio + plain_audio},
      {Breach::no_common_format, 0, plain_audio, "m=audio 1 RTP/AVP 18\n"},
      {Breach::no_common_format, 0, "m=image 1 udptl t38\n", "m=image 1 udptl t37\n"},
      {Breach::payload_remapped, 0, plain_audio, "m=audio 1 RTP/AVP 0 8\na=rtpmap:8 x/8000\n"},
      {Breach::direction, 0, plain_audio + "a=sendonly\n", plain_audio + "a=sendonly\n"},
      {Breach::direction, 0, plain_audio + "a=recvonly\n", plain_audio},
      {Breach::direction, 0, plain_audio + "a=inactive\n", plain_audio + "a=recvonly\n"},
      {Breach::direction, 0, plain_audio + "c=IN IP4 0.0.0.0\n", plain_audio},
      {Breach::mid, 0, plain_audio + "a=mid:x\n", plain_audio + "a=mid:y\n"},
      {Breach::mid, 0, plain_audio, plain_audio + "a=mid:y\n"},
      {Breach::group, 0, plain_audio + "a=mid:x\n",
       "a=group:BUNDLE x\n" + plain_audio + "a=mid:x\n"},
      {Breach::group, 1, bundle + two,
       bundle + "m=audio 1 RTP/AVP 0\na=mid:x\nm=video 0 RTP/AVP 31\na=mid:y\n"},
      {Breach::group, Violation::session, bundle + two,
       "a=group:BUNDLE x z\nm=audio 1 RTP/AVP 0\na=mid:x\nm=video 2 RTP/AVP 31\na=mid:y\n"},
      {Breach::bundle_port, 1, bundle + two,
       bundle + "m=audio 1 RTP/AVP 0\na=mid:x\nm=video 2 RTP/AVP 31\na=mid:y\n"},
      {Breach::rtcp_mux, 0, plain_audio, plain_audio + "a=rtcp-mux\n"},
      {Breach::setup, 0, dtls + "a=setup:actpass\n", dtls + "a=setup:actpass\n"},
      {Breach::setup, 0, dtls + "a=setup:active\n", dtls + "a=setup:active\n"},
      {Breach::setup, 0, dtls, dtls + "a=setup:active\n"},
      {Breach::crypto, 0, "m=audio 1 RTP/SAVP 0\na=crypto:1 A inline:x\n",
       "m=audio 1 RTP/SAVP 0\na=crypto:2 A inline:x\n"},
      {Breach::crypto, 0, "m=audio 1 RTP/SAVP 0\na=crypto:1 A inline:x\n",
       "m=audio 1 RTP/SAVP 0\na=crypto:1 B inline:x\n"},
      {Breach::missing_key, 0, "m=audio 1 RTP/SAVP 0\na=crypto:1 A inline:x\n",
       "m=audio 1 RTP/SAVP 0\n"},
  };
  for (const Broken& one : broken) {
    const Violations found =
        check_answer(ReadSession(head + one.offer), ReadSession(head + one.answer));
    ASSERT_EQ(found.count(), 1u) << to_string(one.breach) << "\n" << one.answer;
    EXPECT_EQ(to_string(found.begin()->breach), to_string(one.breach)) << one.answer;
    EXPECT_EQ(found.begin()->media, one.media) << to_string(one.breach);
    EXPECT_TRUE(found.has(one.breach));
  }
}

TEST(CheckAnswer, sees_other_times_and_a_missing_address) {
  const std::string bare = "v=0\no=- 1 2 IN IP4 h\ns=-\n";
  const ReadSession offer(bare + "t=1234567890 0\nr=1 1 0\nm=audio 1 RTP/AVP 0\n");
  const Violations times = check_answer(offer, ReadSession(head + plain_audio));
  EXPECT_TRUE(times.has(Breach::times));
  const Violations address =
      check_answer(offer, ReadSession(bare + "t=1234567890 0\nr=1 1 0\nm=audio 1 RTP/AVP 0\n"));
  ASSERT_EQ(address.count(), 1u);
  EXPECT_EQ(*address.begin(), (Violation{Breach::missing_address, 0}));
}

TEST(CheckAnswer, finds_nothing_in_right_answers) {
  const std::string pairs[][2] = {
      {plain_audio, plain_audio},
      {plain_audio, "m=audio 0 RTP/AVP 0\n"},
      {plain_audio, "m=audio 1 RTP/AVP 8 97\na=rtpmap:97 x/8000\n"},
      {plain_audio, plain_audio + "a=inactive\n"},
      {plain_audio + "a=sendonly\n", plain_audio + "a=recvonly\n"},
      {dtls + "a=setup:actpass\n", dtls + "a=setup:passive\n"},
      {bundle + two, bundle + "m=audio 1 RTP/AVP 0\na=mid:x\na=rtcp-mux\n"
                              "m=video 1 RTP/AVP 31\na=mid:y\na=rtcp-mux\n"},
      // RFC 8843 (RFC 9143 section 7.4.1)
      {bundle + two, bundle + "m=audio 1 RTP/AVP 0\na=mid:x\n"
                              "m=video 0 RTP/AVP 31\na=mid:y\na=bundle-only\n"},
  };
  for (const auto& [offer, answer] : pairs)
    EXPECT_TRUE(check_answer(ReadSession(head + offer), ReadSession(head + answer)).empty())
        << answer;
}

TEST(CheckAnswer, counts_more_than_it_keeps) {
  std::string offer = head, answer = head;
  for (int i = 0; i < 40; ++i) offer += plain_audio, answer += "m=video 1 RTP/AVP 0\n";
  const Violations found = check_answer(ReadSession(offer), ReadSession(answer));
  EXPECT_EQ(found.count(), 40u);
  EXPECT_EQ(found.end() - found.begin(), 32);
}

TEST(Breach, has_a_name_a_section_and_an_explanation) {
  for (unsigned i = 0; i <= static_cast<unsigned>(Breach::missing_key); ++i) {
    const auto breach = static_cast<Breach>(i);
    EXPECT_FALSE(to_string(breach).empty());
    EXPECT_TRUE(rfc_section(breach).starts_with("RFC "));
    EXPECT_FALSE(explanation(breach).empty());
  }
}

}  // namespace
}  // namespace sipring::sdp
