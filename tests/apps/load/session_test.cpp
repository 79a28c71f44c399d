// SPDX-License-Identifier: MIT
#include <load/session.h>

#include <gtest/gtest.h>

namespace sipring::app::test {
namespace {

TEST(SessionNames, find_their_session_again) {
  const SessionNames names{0xfedcba9876543210, 7};
  FixedText<96> text;
  names.write(text, {4'000'000'000, 4'000'000'001});
  EXPECT_EQ(names.session_of(text.view()), (Handle<Session>{4'000'000'000, 4'000'000'001}));
}

TEST(SessionNames, know_no_call_id_of_others) {
  const SessionNames names{0xabc, 7};
  for (const char* call_id : {"", "x", "abc", "abc-7", "abc-7-1", "abc-8-1-1", "abd-7-1-1",
                              "abc-7-123456789-1", "a84b4c76e66710@pc33"}) {
    EXPECT_FALSE(names.session_of(call_id)) << call_id;
  }
  EXPECT_TRUE(names.session_of("abc-7-1-1"));
}

}  // namespace
}  // namespace sipring::app::test
