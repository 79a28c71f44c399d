// Offers and answers.
// SPDX-License-Identifier: MIT
#include <sipring/core/sdp/check_answer.h>
#include <sipring/core/sdp/offer_answer.h>

#include <gtest/gtest.h>

#include <cstddef>
#include <memory_resource>
#include <string_view>

#include "tests/no_allocation/allocations.h"

namespace sipring::test {
namespace {

TEST(NoAllocation, over_an_offer_read_answered_and_checked) {
  constexpr std::string_view text =
      "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
      "m=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
      "a=candidate:1 1 UDP 1 192.0.2.1 4000 typ host\r\nm=video 4002 RTP/AVP 31\r\n";
  static constexpr sdp::Codec codecs[] = {{.encoding = "PCMU", .payload_type = 0},
                                          {.encoding = "telephone-event", .payload_type = 101}};
  const sdp::MediaCapability audio{.port = 5000, .codecs = codecs};
  sdp::Session offered(64, 4, *std::pmr::new_delete_resource());
  sdp::Session answered(64, 4, *std::pmr::new_delete_resource());
  const std::size_t before = allocations();
  for (int i = 0; i < 200; ++i) {
    char room[1024];
    sdp::Writer writer(room);
    ASSERT_TRUE(parse(text, offered));
    ASSERT_TRUE(write_answer(offered, {.media = {&audio, 1}}, {.address = "192.0.2.9"}, writer));
    ASSERT_TRUE(parse(writer.view(), answered));
    ASSERT_TRUE(check_answer(offered, answered).empty());
  }
  EXPECT_EQ(allocations(), before);
}

}  // namespace
}  // namespace sipring::test
