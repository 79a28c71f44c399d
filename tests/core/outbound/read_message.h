// A message of a few lines, with line ends as they should be.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/parser.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>
#include <string_view>

#include "tests/core/message/texts.h"
#include "tests/support/sip_text.h"

namespace sipring::test {

class ReadMessage : public ::testing::Test {
 protected:
  const Message& read(std::string_view text) {
    EXPECT_TRUE(parse(edge_.hold(sip(std::string(text) + "\n")), message_)) << text;
    return message_;
  }

 private:
  testing::EdgeText edge_{readable_padding};
  Message message_{128, *std::pmr::new_delete_resource()};
};

}  // namespace sipring::test
