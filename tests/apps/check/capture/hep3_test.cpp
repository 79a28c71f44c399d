// SPDX-License-Identifier: MIT
#include <check/capture/hep3.h>

#include <gtest/gtest.h>

#include "tests/apps/check/capture/capture_file.h"

namespace sipring::app::test {
namespace {

std::string of_call() {
  return hep3(chunk(1, "\x02") + chunk(2, "\x11") + chunk(3, "\xc0" + zeros(1) + "\x02\x01") +
              chunk(4, "\xc0" + zeros(1) + "\x02\x02") + chunk(7, be16(5060)) +
              chunk(8, be16(5070)) + chunk(9, be32(1)) +
              chunk(15, "OPTIONS sip:b SIP/2.0\r\n\r\n"));
}

TEST(Hep3, says_who_sent_what_to_whom) {
  const std::string packet = of_call();
  const auto hep = read_hep3(packet);
  ASSERT_TRUE(hep);
  EXPECT_TRUE(hep->has_addresses);
  EXPECT_EQ(to_text(hep->source).view(), "192.0.2.1:5060");
  EXPECT_EQ(to_text(hep->destination).view(), "192.0.2.2:5070");
  EXPECT_EQ(hep->source.transport, Transport::udp);
  EXPECT_EQ(hep->payload, "OPTIONS sip:b SIP/2.0\r\n\r\n");
}

TEST(Hep3, may_hold_the_payload_alone_and_chunks_of_vendors) {
  std::string vendor = chunk(15, "theirs");
  vendor[1] = 7;
  const std::string packet = hep3(chunk(15, "ours") + vendor) + "behind it";
  const auto hep = read_hep3(packet);
  ASSERT_TRUE(hep);
  EXPECT_FALSE(hep->has_addresses);
  EXPECT_EQ(hep->payload, "ours");
}

TEST(Hep3, that_is_cut_anywhere_is_none) {
  const std::string packet = of_call();
  for (std::size_t size = 0; size < packet.size(); ++size)
    EXPECT_FALSE(read_hep3(std::string_view(packet).substr(0, size))) << size;
  EXPECT_FALSE(read_hep3(hep3(zeros(2) + be16(1) + be16(5))));  // a chunk smaller than its head
  EXPECT_FALSE(read_hep3("HEP4" + packet.substr(4)));
}

}  // namespace
}  // namespace sipring::app::test
