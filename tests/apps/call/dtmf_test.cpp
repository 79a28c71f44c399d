// SPDX-License-Identifier: MIT
#include <call/dtmf.h>

#include <gtest/gtest.h>

namespace sipring::app::test {
namespace {

TEST(DtmfTest, what_is_written_is_read) {
  const auto key = key_of(dtmf_relay, dtmf_body('#'));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->signal, "#");
  EXPECT_EQ(key->milliseconds, 160u);
}

TEST(DtmfTest, what_the_field_writes_is_read) {
  EXPECT_EQ(key_of("application/dtmf-relay", "Signal= 5\r\nDuration= 100\r\n")->signal, "5");
  EXPECT_EQ(key_of("application/dtmf-relay", "signal=*\nduration=250")->milliseconds, 250u);
  EXPECT_EQ(key_of("Application/DTMF-Relay;x=y", "Signal=1")->milliseconds, 0u);
  EXPECT_EQ(key_of("application/dtmf", "7\r\n")->signal, "7");
}

TEST(DtmfTest, anything_else_is_no_key) {
  EXPECT_FALSE(key_of("application/media_control+xml", "<xml/>"));
  EXPECT_FALSE(key_of("application/dtmf-relay", "Duration=100\r\n"));
  EXPECT_FALSE(key_of("application/dtmf", " \r\n"));
}

}  // namespace
}  // namespace sipring::app::test
