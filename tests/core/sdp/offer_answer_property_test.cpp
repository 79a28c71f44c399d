// For every seed: what one agent offers and another answers, from capabilities drawn at random,
// passes the check, in the strict reading, and so does a second round the other way.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/changes.h>
#include <sipring/core/sdp/check_answer.h>
#include <sipring/core/sdp/offer_answer.h>

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/core/sdp/texts.h"

namespace sipring::sdp {
namespace {

constexpr Codec audio_codecs[] = {
    {.encoding = "opus", .clock_rate = 48'000, .channels = 2, .payload_type = 111},
    {.encoding = "AMR-WB", .clock_rate = 16'000, .payload_type = 104, .fmtp = "octet-align=1"},
    {.encoding = "AMR-WB", .clock_rate = 16'000, .payload_type = 105},
    {.encoding = "G722", .payload_type = 9},
    {.encoding = "PCMU", .payload_type = 0},
    {.encoding = "PCMA", .payload_type = 8},
    {.encoding = "CN", .payload_type = 13},
    {.encoding = "telephone-event", .payload_type = 101, .fmtp = "0-15"}};
constexpr Codec video_codecs[] = {
    {.encoding = "H264", .clock_rate = 90'000, .payload_type = 97, .fmtp = "packetization-mode=1"},
    {.encoding = "H264", .clock_rate = 90'000, .payload_type = 98},
    {.encoding = "VP8", .clock_rate = 90'000, .payload_type = 99}};
constexpr std::string_view protocols[] = {rtp_avp,   rtp_savp,  rtp_avpf,
                                          rtp_savpf, dtls_savp, dtls_savpf};
constexpr std::string_view fax_protocols[] = {udptl};
constexpr std::string_view fax_formats[] = {"t38"};
constexpr std::string_view mids[] = {"0", "1", "2", "3", "4", "5"};
const Crypto keys[] = {{1, "AES_CM_128_HMAC_SHA1_80", "inline:eA==", "", {}},
                       {2, "AES_CM_128_HMAC_SHA1_32", "inline:eQ==", "", {}}};

// Capabilities and the tables that they are views of.
class RandomAgent {
 public:
  explicit RandomAgent(std::mt19937& random) : random_(random) {
    const std::size_t count = 1 + random_() % 5;
    codecs_.resize(count);
    protocols_.resize(count);
    for (std::size_t i = 0; i < count; ++i) media_.push_back(draw(i));
    capabilities_ = {.media = media_, .bundle = chance(), .single_codec = chance()};
  }
  [[nodiscard]] const Capabilities& capabilities() const { return capabilities_; }

 private:
  bool chance() { return random_() % 2 == 0; }

  MediaCapability draw(std::size_t i) {
    MediaCapability media{.port =
                              static_cast<std::uint16_t>(chance() || chance() ? 4000 + 2 * i : 0)};
    media.direction = static_cast<Direction>(random_() % 4);
    if (random_() % 5 == 0) return draw_fax(media);
    media.kind = chance() ? "audio" : "video";
    for (const Codec& codec :
         media.kind == "audio" ? std::span<const Codec>(audio_codecs) : video_codecs)
      if (chance()) codecs_[i].push_back(codec);
    if (codecs_[i].empty())
      codecs_[i].push_back(media.kind == "audio" ? audio_codecs[4] : video_codecs[0]);
    std::ranges::shuffle(codecs_[i], random_);
    for (int n = 0; n < 3; ++n)
      protocols_[i].push_back(protocols[random_() % std::size(protocols)]);
    media.codecs = codecs_[i], media.protocols = protocols_[i];
    media.rtcp_mux = chance();
    media.mid = chance() ? mids[i] : "";
    media.setup = static_cast<Setup>(random_() % 3);
    if (is_dtls(media.protocols.front()) || chance())
      media.fingerprint = Fingerprint{"sha-256", "AB:CD", {}};
    media.crypto = std::span(keys).subspan(random_() % 2);
    if (chance()) media.address = "2001:db8::7", media.ipv6 = true;
    return media;
  }

  static MediaCapability draw_fax(MediaCapability media) {
    media.kind = "image", media.protocols = fax_protocols, media.formats = fax_formats;
    media.fax = Fax{.version = 2, .rate_management = "transferredTCF"};
    return media;
  }

  std::mt19937& random_;
  std::vector<std::vector<Codec>> codecs_;
  std::vector<std::vector<std::string_view>> protocols_;
  std::vector<MediaCapability> media_;
  Capabilities capabilities_;
};

std::string why(const Violations& found) {
  std::string text;
  for (const Violation& violation : found)
    text +=
        std::string(to_string(violation.breach)) + " in " + std::to_string(violation.media) + "\n";
  return text;
}

void expect_agreement(const RandomAgent& offerer, const RandomAgent& answerer, std::uint32_t seed) {
  const std::string offer = testing::offer_of(offerer.capabilities());
  const testing::ReadSession offered(offer);
  const std::string answer = testing::answer_to(offered, answerer.capabilities());
  const testing::ReadSession answered(answer);
  const Violations found = check_answer(offered, answered);
  ASSERT_TRUE(found.empty()) << "seed " << seed << "\n" << why(found) << offer << "\n" << answer;
  Session scratch(512, 16, *std::pmr::new_delete_resource());
  ASSERT_TRUE(strictly(parse(testing::crlf(offer), scratch))) << "seed " << seed << "\n" << offer;
  ASSERT_TRUE(strictly(parse(testing::crlf(answer), scratch))) << "seed " << seed << "\n" << answer;
  LocalSession next = testing::self;
  ++next.version;
  const testing::ReadSession again(testing::offer_of(offerer.capabilities(), next));
  ASSERT_TRUE(compare(offered, again).is_valid()) << "seed " << seed;
  ASSERT_FALSE(compare(offered, again).content_changed) << "seed " << seed;
}

TEST(OfferAnswerProperty, an_answer_to_an_offer_passes_its_check) {
  std::uint32_t accepted = 0;
  for (std::uint32_t seed = 1; seed <= 400; ++seed) {
    std::mt19937 random(seed);
    const RandomAgent a(random), b(random);
    expect_agreement(a, b, seed);
    expect_agreement(b, a, seed);
    if (HasFatalFailure()) return;
    const testing::ReadSession offer(testing::offer_of(a.capabilities()));
    char room[8192];
    Writer writer(room);
    accepted += write_answer(offer, b.capabilities(), testing::self, writer)->accepted;
  }
  EXPECT_GE(accepted, 100u);  // else agreement would be easy
}

}  // namespace
}  // namespace sipring::sdp
