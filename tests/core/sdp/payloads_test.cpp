// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/detail/payloads.h>

#include <gtest/gtest.h>

#include "tests/core/sdp/texts.h"

namespace sipring::sdp {
namespace {

using testing::head;
using testing::ReadSession;

TEST(Payloads, are_named_by_rtpmap_or_by_their_static_number) {
  const ReadSession session(head +
                            "m=audio 1 RTP/AVP 0 97 9 x 0 200 98\na=rtpmap:97 opus/48000/2\n"
                            "a=fmtp:97 useinbandfec=1\na=rtpmap:8 PCMA/8000\na=rtpmap:9 broken/\n");
  const Payloads payloads(session->media(0));
  ASSERT_EQ(payloads.size(), 4u);
  EXPECT_EQ(payloads[0].encoding, "PCMU");
  EXPECT_EQ(payloads[1].encoding, "opus");
  EXPECT_EQ(payloads[1].channels, 2u);
  EXPECT_EQ(payloads[1].fmtp, "useinbandfec=1");
  EXPECT_EQ(payloads[2].encoding, "G722");
  EXPECT_EQ(payloads[3].number, 98);
  EXPECT_EQ(payloads[3].encoding, "");
  EXPECT_EQ(payloads.find(97), &payloads[1]);
  EXPECT_EQ(payloads.find(8), nullptr);
  EXPECT_EQ(payloads.find(200), nullptr);
}

TEST(Payloads, keep_the_static_rate_where_an_rtpmap_has_none) {
  const ReadSession session(head + "m=audio 1 RTP/AVP 31 7\na=rtpmap:31 LPC\na=rtpmap:7 lpc\n");
  const Payloads payloads(session->media(0));
  EXPECT_EQ(payloads[0].encoding, "LPC");
  EXPECT_EQ(payloads[0].clock_rate, 0u);
  EXPECT_EQ(payloads[1].clock_rate, 8'000u);
  EXPECT_TRUE(same_encoding(payloads[0], payloads[1]));
}

TEST(Payloads, know_the_table_of_RFC_3551) {
  EXPECT_EQ(static_payload(11)->clock_rate, 44'100u);
  EXPECT_EQ(static_payload(10)->channels, 2u);
  EXPECT_EQ(static_payload(34)->encoding, "H263");
  EXPECT_FALSE(static_payload(1));
  EXPECT_FALSE(static_payload(96));
}

}  // namespace
}  // namespace sipring::sdp
