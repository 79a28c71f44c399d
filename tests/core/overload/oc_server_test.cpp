// RFC 7339 sections 5.1, 5.2, 5.7, as numbers; as text they are in engine_overload_test.cpp.
// SPDX-License-Identifier: MIT
#include <sipring/core/overload/detail/oc_server.h>

#include <gtest/gtest.h>

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class OcServerTest : public ::testing::Test {
 protected:
  static IpAddress client(std::uint8_t number) {
    IpAddress address;
    address.octets[0] = 10;
    address.octets[3] = number;
    return address;
  }
  // A second of turns in which so many of a hundred could be served.
  void second(std::uint32_t served) {
    for (int i = 0; i < 50; ++i) {
      now += milliseconds(20);
      server.report(now, {.requests = 100, .served = served});
    }
  }
  OcAdvice advice(bool knows_rate = false) { return server.advise(now, client(1), knows_rate); }

  OcServer server{OverloadSettings{.validity_ms = 700}, {1, 2}};
  Instant now{seconds(50)};
};

TEST_F(OcServerTest, asks_for_nothing_while_it_keeps_up) {
  EXPECT_EQ(advice().oc, 0u);
  EXPECT_EQ(advice().validity_ms, 0u);
}

TEST_F(OcServerTest, asks_to_leave_out_what_it_could_not_serve) {
  now += milliseconds(500);
  (void)advice();
  for (int i = 0; i < 13; ++i) {  // a quarter of a second
    now += milliseconds(20);
    server.report(now, {.requests = 100, .served = 25});
  }
  EXPECT_EQ(advice().oc, 75u);
  EXPECT_EQ(advice().validity_ms, 700u);
  EXPECT_EQ(advice().algorithm, OcAlgorithm::loss);
}

TEST_F(OcServerTest, never_asks_for_silence) {
  for (int i = 0; i < 20; ++i) second(0);
  EXPECT_EQ(advice().oc, 98u);
}

TEST_F(OcServerTest, takes_its_request_back_within_two_seconds_of_calm) {
  second(5);
  second(50);
  ASSERT_GT(advice().oc, 90u);
  const Instant asked = advice().made;
  now += seconds(2);
  EXPECT_EQ(advice().oc, 0u);
  EXPECT_EQ(advice().validity_ms, 0u);
  EXPECT_GT(advice().made, asked);  // section 5.7
}

TEST_F(OcServerTest, sequence_numbers_grow_with_every_change) {
  second(50);
  Instant last = advice().made;
  for (int i = 0; i < 5; ++i) {
    second(90);
    EXPECT_GT(advice().made, last);
    last = advice().made;
  }
}

TEST_F(OcServerTest, a_rate_is_shared_between_the_clients_that_ask) {
  server = OcServer(OverloadSettings{.prefer_rate = true}, {1, 2});
  for (int i = 0; i < 100; ++i) {
    for (std::uint8_t number = 1; number <= 10; ++number) {
      (void)server.advise(now, client(number), true);
    }
    now += milliseconds(20);
    server.report(now, {.requests = 100, .served = 20});  // 1,000 a second
  }
  const OcAdvice rate = advice(true);
  EXPECT_EQ(rate.algorithm, OcAlgorithm::rate);
  EXPECT_NEAR(rate.oc, 100, 15);
  EXPECT_EQ(advice(false).algorithm, OcAlgorithm::loss);
}

TEST_F(OcServerTest, a_long_pause_costs_no_time) {
  second(50);
  now += std::chrono::hours(24 * 365);
  EXPECT_EQ(advice().oc, 0u);
}

}  // namespace
}  // namespace sipring::test
