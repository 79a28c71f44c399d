// RFC 7339 sections 5.4, 5.5, 5.7, 7.2; RFC 7415.
// SPDX-License-Identifier: MIT
#include <sipring/core/overload/detail/oc_client.h>

#include <gtest/gtest.h>

#include <memory_resource>

#include "tests/support/engine_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class OcClientTest : public ::testing::Test {
 protected:
  // Of a thousand requests a millisecond apart; one in `preferred_of` is within a dialog.
  struct Passed {
    int ordinary = 0, preferred = 0;
  };
  Passed thousand(int preferred_of = 1'000'000) {
    Passed passed;
    for (int i = 1; i <= 1'000; ++i) {
      const bool preferred = i % preferred_of == 0;
      const auto precedence = preferred ? Precedence::in_dialog : Precedence::call;
      const bool passes = client.admits(now, hop, precedence);
      (preferred ? passed.preferred : passed.ordinary) += passes;
      now += milliseconds(1);
    }
    return passed;
  }
  OcClient client{OverloadSettings{.peers = 8}, Entropy{{1, 2, 3, 4}},
                  *std::pmr::new_delete_resource()};
  Instant now{seconds(10)};
  NetworkAddress hop = address("192.0.2.9", 5060);
};

TEST_F(OcClientTest, sends_all_to_a_hop_that_has_asked_for_nothing) {
  EXPECT_EQ(thousand().ordinary, 1'000);
  client.learn(now, hop, ";oc;oc-algo=\"loss,rate\"");  // it does not know overload control
  client.learn(now, hop, ";oc=0;oc-algo=\"loss\";oc-validity=0;oc-seq=1.1");
  EXPECT_FALSE(client.is_overloaded(now, hop));
}

TEST_F(OcClientTest, leaves_out_the_percentage_that_was_asked_for) {
  client.learn(now, hop, ";oc=20;oc-algo=\"loss\";oc-validity=60000;oc-seq=1.1");
  EXPECT_NEAR(thousand().ordinary, 800, 40);
  EXPECT_TRUE(client.admits(now, address("192.0.2.9", 5070), Precedence::call));
}

TEST_F(OcClientTest, ordinary_requests_bear_the_loss_as_far_as_there_are_enough) {
  (void)thousand(5);  // the mix: a fifth is within dialogs
  client.learn(now, hop, ";oc=40;oc-algo=\"loss\";oc-validity=60000;oc-seq=1.1");
  const Passed some = thousand(5);
  EXPECT_EQ(some.preferred, 200);
  EXPECT_NEAR(some.ordinary, 400, 45);
  client.learn(now, hop, ";oc=90;oc-algo=\"loss\";oc-validity=60000;oc-seq=1.2");
  const Passed few = thousand(5);
  EXPECT_EQ(few.ordinary, 0);
  EXPECT_NEAR(few.preferred, 100, 25);
}

TEST_F(OcClientTest, a_loss_of_everything_is_everything) {
  client.learn(now, hop, ";oc=100;oc-algo=\"loss\";oc-validity=60000;oc-seq=1.1");
  EXPECT_EQ(thousand(5).preferred, 0);
}

TEST_F(OcClientTest, keeps_to_a_rate) {
  client.learn(now, hop, ";oc=150;oc-algo=\"rate\";oc-validity=60000;oc-seq=1.1");
  EXPECT_NEAR(thousand().ordinary, 150, 5);
}

TEST_F(OcClientTest, within_a_rate_dialogs_go_first) {
  client.learn(now, hop, ";oc=100;oc-algo=\"rate\";oc-validity=60000;oc-seq=1.1");
  const Passed passed = thousand(20);  // fifty within dialogs
  EXPECT_GE(passed.preferred, 49);
  EXPECT_NEAR(passed.ordinary + passed.preferred, 100, 12);
}

TEST_F(OcClientTest, a_rate_of_nothing_is_nothing) {
  client.learn(now, hop, ";oc=0;oc-algo=\"rate\";oc-validity=60000;oc-seq=1.1");
  EXPECT_EQ(thousand(5).preferred, 0);
}

TEST_F(OcClientTest, what_was_asked_expires) {
  client.learn(now, hop, ";oc=100;oc-algo=\"loss\";oc-seq=1.1");  // 500 ms: section 4.3
  EXPECT_FALSE(client.admits(now + milliseconds(499), hop, Precedence::call));
  EXPECT_TRUE(client.admits(now + milliseconds(500), hop, Precedence::call));
}

TEST_F(OcClientTest, a_response_that_was_overtaken_changes_nothing) {
  client.learn(now, hop, ";oc=100;oc-algo=\"loss\";oc-validity=1000;oc-seq=5.3");
  client.learn(now, hop, ";oc=0;oc-algo=\"loss\";oc-validity=0;oc-seq=5.2");
  EXPECT_TRUE(client.is_overloaded(now, hop));
  client.learn(now + milliseconds(900), hop,
               ";oc=100;oc-algo=\"loss\";oc-validity=1000;oc-seq=5.3");
  EXPECT_FALSE(client.is_overloaded(now + milliseconds(1'000), hop));  // not renewed either
}

TEST_F(OcClientTest, the_end_of_overload_is_told_by_a_validity_of_nothing) {
  client.learn(now, hop, ";oc=100;oc-algo=\"loss\";oc-validity=1000;oc-seq=5.3");
  client.learn(now, hop, ";oc=0;oc-algo=\"loss\";oc-validity=0;oc-seq=5.4");
  EXPECT_TRUE(client.admits(now, hop, Precedence::call));
}

TEST_F(OcClientTest, a_full_table_forgets_who_expires_first) {
  for (std::uint16_t port = 1; port <= 100; ++port) {
    client.learn(now, address("192.0.2.9", port),
                 ";oc=100;oc-algo=\"loss\";oc-validity=60000;oc-seq=1.1");
  }
  int overloaded = 0;
  for (std::uint16_t port = 1; port <= 100; ++port)
    overloaded += client.is_overloaded(now, address("192.0.2.9", port));
  EXPECT_EQ(overloaded, 8);
  EXPECT_TRUE(client.is_overloaded(now, address("192.0.2.9", 100)));
}

TEST_F(OcClientTest, nonsense_is_not_honoured) {
  for (const char* parameters : {";oc=x;oc-seq=1.1", ";oc=10", ";oc=10;oc-seq=abc",
                                 ";oc=10;oc=90;oc-seq=1.1", ";oc-seq=1.1"}) {
    client.learn(now, hop, parameters);
    EXPECT_FALSE(client.is_overloaded(now, hop)) << parameters;
  }
}

}  // namespace
}  // namespace sipring::test
