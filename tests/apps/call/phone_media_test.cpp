// SPDX-License-Identifier: MIT
#include <call/phone_media.h>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sipring::app::test {
namespace {

const Endpoint endpoint{.listener = {},
                        .host = "192.0.2.1",
                        .sent_by = "192.0.2.1:5060",
                        .contact = "<sip:192.0.2.1:5060>"};

std::string origin_of(std::string_view description) {
  const std::size_t at = description.find("o=");
  return std::string(description.substr(at, description.find('\r', at) - at));
}

const std::string their_offer =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 8\r\n";

TEST(PhoneMediaTest, the_version_rises_with_a_change_and_then_alone) {
  PhoneMedia media(endpoint, 9, 77);
  const std::string first(media.offer(false));
  EXPECT_EQ(origin_of(first), "o=- 77 1 IN IP4 192.0.2.1");
  EXPECT_EQ(media.offer(false), first);
  const std::string held(media.offer(true));
  EXPECT_EQ(origin_of(held), "o=- 77 2 IN IP4 192.0.2.1");
  EXPECT_EQ(media.offer(true), held);
  EXPECT_EQ(origin_of(media.offer(false)), "o=- 77 3 IN IP4 192.0.2.1");
}

TEST(PhoneMediaTest, on_hold_we_send_alone) {
  PhoneMedia media(endpoint, 9, 77);
  EXPECT_EQ(direction_of(media.offer(false)), sdp::Direction::sendrecv);
  EXPECT_EQ(direction_of(media.offer(true)), sdp::Direction::sendonly);
}

TEST(PhoneMediaTest, an_answer_mirrors_a_hold_and_keeps_ours) {
  PhoneMedia media(endpoint, 9, 77);
  const std::string hold = their_offer + "a=sendonly\r\n";
  EXPECT_EQ(direction_of(media.answer(their_offer, false).value()), sdp::Direction::sendrecv);
  EXPECT_EQ(direction_of(media.answer(hold, false).value()), sdp::Direction::recvonly);
  EXPECT_EQ(direction_of(media.answer(hold, true).value()), sdp::Direction::inactive);
  EXPECT_EQ(direction_of(media.answer(their_offer, true).value()), sdp::Direction::sendonly);
}

TEST(PhoneMediaTest, an_offer_without_a_codec_of_ours_has_no_answer) {
  PhoneMedia media(endpoint, 9, 77);
  const std::string offer = their_offer.substr(0, their_offer.find("m=")) +
                            "m=audio 4000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n";
  EXPECT_EQ(media.answer(offer, false).error(), SdpError::no_codec);
}

}  // namespace
}  // namespace sipring::app::test
