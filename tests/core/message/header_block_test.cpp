// SPDX-License-Identifier: MIT
#include <sipring/core/message/header_block.h>

#include <gtest/gtest.h>

namespace sipring {
namespace {

TEST(HeaderBlock, writes_its_lines_once) {
  const HeaderLine lines[] = {{"Allow", "INVITE, ACK"}, {"Supported", ""}};
  EXPECT_EQ(HeaderBlock(lines).text(), "Allow: INVITE, ACK\r\nSupported: \r\n");
  EXPECT_EQ(HeaderBlock().text(), "");
}

TEST(HeaderBlock, knows_what_it_has) {
  const HeaderLine lines[] = {{"m", "<sip:a@b>"}, {"X-Odd", "1"}};
  const HeaderBlock block(lines);
  EXPECT_TRUE(block.has(HeaderId::contact));
  EXPECT_FALSE(block.has(HeaderId::allow));
  EXPECT_FALSE(HeaderBlock().has(HeaderId::contact));
}

TEST(HeaderBlockDeathTest, takes_no_line_that_would_smuggle_in_another) {
  const HeaderLine lines[] = {{"Subject", "a\r\nX-Evil: yes"}};
  EXPECT_DEATH(HeaderBlock{lines}, "is_writable");
}

}  // namespace
}  // namespace sipring
