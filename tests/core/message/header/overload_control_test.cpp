// SPDX-License-Identifier: MIT
#include <sipring/core/message/header/overload_control.h>

#include <sipring/core/message/header/via.h>
#include <sipring/core/message/header/via_connection.h>

#include <gtest/gtest.h>

namespace sipring {
namespace {

TEST(OverloadControlOf, a_response_is_read_from_its_via) {
  const auto via = parse_via(
      "SIP/2.0/TLS p1.example.net;branch=z9hG4bK2d4790.1;oc=20;oc-algo=\"loss\";oc-validity=500;"
      "oc-seq=1282321615.782;keep;alias, SIP/2.0/UDP next");
  ASSERT_TRUE(via);
  const auto control = parse_overload_control(via->parameters);
  ASSERT_TRUE(control);
  EXPECT_TRUE(control->supported);
  EXPECT_EQ(control->oc, 20U);
  EXPECT_EQ(control->validity_ms, 500U);
  EXPECT_EQ(control->sequence, "1282321615.782");
  const auto connection = parse_via_connection(via->parameters);
  ASSERT_TRUE(connection);
  EXPECT_TRUE(connection->alias && connection->keep);
}

TEST(OverloadControlOf, a_request_offers_algorithms) {
  const auto control = parse_overload_control(";oc;oc-algo=\"loss ,\t Rate\"");
  ASSERT_TRUE(control);
  EXPECT_TRUE(has_algorithm(*control, "loss"));
  EXPECT_TRUE(has_algorithm(*control, "rate"));
  EXPECT_FALSE(has_algorithm(*control, "los"));
  EXPECT_FALSE(has_algorithm(*control, ""));
  EXPECT_FALSE(has_algorithm(OverloadControl{}, "loss"));
}

TEST(OverloadControlOf, two_responses_tells_which_is_newer) {
  EXPECT_TRUE(is_newer("1282321615.782", "1282321615.78"));
  EXPECT_TRUE(is_newer("1282321615.8", "1282321615.78999"));
  EXPECT_TRUE(is_newer("1282321616.0", "999999999.99999"));
  EXPECT_FALSE(is_newer("1.5", "1.50000"));
  EXPECT_FALSE(is_newer("1.50000", "1.5"));
  EXPECT_FALSE(is_newer("1.05", "1.5"));
}

}  // namespace
}  // namespace sipring
