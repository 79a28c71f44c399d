// RFC 3264 section 8.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/changes.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/core/sdp/texts.h"

namespace sipring::sdp {
namespace {

using testing::ReadSession;

std::string session(std::string_view origin, std::string_view rest) {
  return "v=0\no=" + std::string(origin) + "\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n" + std::string(rest);
}

const std::string audio = "m=audio 4000 RTP/AVP 0 8\n";

std::string events(const MediaChange& change) {
  std::string text;
  for (unsigned i = 0; i <= static_cast<unsigned>(MediaEvent::attributes); ++i)
    if (change.has(static_cast<MediaEvent>(i)))
      text += std::string(to_string(static_cast<MediaEvent>(i))) + " ";
  return text;
}

std::string events_between(const std::string& before, const std::string& after) {
  const ReadSession a(session("- 1 1 IN IP4 h", before)), b(session("- 1 2 IN IP4 h", after));
  std::string text;
  for (std::uint32_t i = 0; i < compare(a, b).media_count; ++i)
    text += (i == 0 ? "" : "| ") + events(change_of(a, b, i));
  return text;
}

TEST(SdpChanges, tells_what_a_media_did) {
  EXPECT_EQ(events_between(audio, audio), "");
  EXPECT_EQ(events_between(audio, audio + "a=sendonly\n"), "direction hold ");
  EXPECT_EQ(events_between(audio + "a=sendonly\n", audio), "direction resume ");
  EXPECT_EQ(events_between(audio, audio + "a=inactive\n"), "direction hold ");
  EXPECT_EQ(events_between(audio, audio + "a=recvonly\n"), "direction ");
  EXPECT_EQ(events_between(audio, audio + "c=IN IP4 0.0.0.0\n"), "direction hold ");
  EXPECT_EQ(events_between(audio + "c=IN IP4 0.0.0.0\n", audio), "direction resume ");
  EXPECT_EQ(events_between(audio, audio + "c=IN IP4 192.0.2.7\n"), "address ");
  EXPECT_EQ(events_between(audio, "m=audio 4002 RTP/AVP 0 8\n"), "port ");
  EXPECT_EQ(events_between(audio, "m=audio 4000 RTP/AVP 8 0\n"), "codecs ");
  EXPECT_EQ(events_between(audio, "m=audio 4000 RTP/AVP 0\n"), "codecs ");
  EXPECT_EQ(events_between(audio, audio + "a=fmtp:0 x\n"), "codecs ");
  EXPECT_EQ(events_between(audio, audio + "a=rtpmap:0 PCMU/8000\n"), "");
  EXPECT_EQ(events_between("m=image 1 udptl t38\n", "m=image 1 udptl t37\n"), "codecs ");
  EXPECT_EQ(events_between(audio, "m=audio 4000 RTP/AVPF 0 8\n"), "protocol ");
  EXPECT_EQ(events_between(audio, "m=video 4000 RTP/AVP 0 8\n"), "kind ");
  EXPECT_EQ(events_between(audio, audio + "a=ptime:20\n"), "attributes ");
  EXPECT_EQ(events_between(audio, "m=audio 0 RTP/AVP 0\n"), "disabled ");
  EXPECT_EQ(events_between("m=audio 0 RTP/AVP 0\n", audio), "added ");
  EXPECT_EQ(events_between("m=audio 0 RTP/AVP 0\n", "m=image 1 udptl t38\n"), "added kind ");
  EXPECT_EQ(events_between("m=audio 0 RTP/AVP 0\n", "m=audio 0 RTP/AVP 8\n"), "");
  EXPECT_EQ(events_between(audio, audio + "m=video 1 RTP/AVP 31\n"), "| added ");
  EXPECT_EQ(events_between(audio + "m=video 1 RTP/AVP 31\n", audio), "| removed ");
}

Changes between(std::string_view before, std::string_view after, std::string_view a = audio,
                std::string_view b = audio) {
  return compare(ReadSession(session(before, a)), ReadSession(session(after, b)));
}

TEST(SdpChanges, tells_versions_apart) {
  EXPECT_EQ(between("- 1 1 IN IP4 h", "- 1 1 IN IP4 h").version, VersionChange::unchanged);
  EXPECT_EQ(between("- 1 9 IN IP4 h", "- 1 10 IN IP4 h").version, VersionChange::incremented);
  EXPECT_EQ(between("- 1 1 IN IP4 h", "- 1 3 IN IP4 h").version, VersionChange::other);
  EXPECT_EQ(between("- 1 2 IN IP4 h", "- 1 1 IN IP4 h").version, VersionChange::other);
}

TEST(SdpChanges, is_valid_as_section_8_says) {
  EXPECT_TRUE(between("- 1 1 IN IP4 h", "- 1 1 IN IP4 h").is_valid());
  EXPECT_TRUE(between("- 1 1 IN IP4 h", "- 1 2 IN IP4 h").is_valid());
  EXPECT_FALSE(between("- 1 1 IN IP4 h", "- 1 1 IN IP4 h", audio, audio + "a=x\n").is_valid());
  EXPECT_TRUE(between("- 1 1 IN IP4 h", "- 1 2 IN IP4 h", audio, audio + "a=x\n").is_valid());
  EXPECT_FALSE(between("- 1 1 IN IP4 h", "- 1 3 IN IP4 h", audio, audio + "a=x\n").is_valid());
  EXPECT_TRUE(between("- 1 1 IN IP4 h", "- 1 2 IN IP4 h", audio, "").media_missing);
  EXPECT_FALSE(between("- 1 1 IN IP4 h", "- 1 2 IN IP4 h", audio, "").is_valid());
  for (const char* other :
       {"x 1 2 IN IP4 h", "- 2 2 IN IP4 h", "- 1 2 IN IP6 h", "- 1 2 IN IP4 i"}) {
    EXPECT_TRUE(between("- 1 1 IN IP4 h", other).identity_changed) << other;
    EXPECT_FALSE(between("- 1 1 IN IP4 h", other).is_valid()) << other;
  }
}

TEST(SdpNumbers, have_any_length) {
  EXPECT_TRUE(is_next_number("0", "1"));
  EXPECT_TRUE(is_next_number("", "1"));
  EXPECT_TRUE(is_next_number("9", "10"));
  EXPECT_TRUE(is_next_number("0199", "200"));
  EXPECT_TRUE(is_next_number("99999999999999999999", "100000000000000000000"));
  for (const auto& [a, b] :
       {std::pair{"1", "1"}, {"1", "3"}, {"2", "1"}, {"9", "0"}, {"19", "30"}, {"1", "11"}})
    EXPECT_FALSE(is_next_number(a, b)) << a << " " << b;
  EXPECT_EQ(compare_numbers("007", "7"), std::strong_ordering::equal);
  EXPECT_EQ(compare_numbers("10", "9"), std::strong_ordering::greater);
  EXPECT_EQ(compare_numbers("18446744073709551615", "18446744073709551616"),
            std::strong_ordering::less);
}

}  // namespace
}  // namespace sipring::sdp
