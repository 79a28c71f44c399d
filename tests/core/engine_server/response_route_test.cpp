// Where responses go: RFC 3261 section 18.2; RFC 3581.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <string>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using ::testing::HasSubstr;

using EngineServerResponseRoute = EngineServerFixture;

TEST_F(EngineServerResponseRoute, sends_to_the_source_port_only_where_rport_asks_for_it) {
  receive(replaced(invite, ";rport", ""), address("192.0.2.1", 40000));
  ASSERT_TRUE(answer(200));
  EXPECT_EQ(sent[0].destination, address("192.0.2.1", 5062));
  receive(replaced(invite, "z9hG4bK1", "z9hG4bK2"), address("192.0.2.1", 40000));
  ASSERT_TRUE(answer(200));
  EXPECT_EQ(sent[1].destination, address("192.0.2.1", 40000));
  EXPECT_THAT(sent[1].text, HasSubstr(";rport=40000;received=192.0.2.1\r\n"));
}

TEST_F(EngineServerResponseRoute, adds_received_when_the_sent_by_is_another_host) {
  const std::string named =
      replaced(invite, "192.0.2.1:5062;branch=z9hG4bK1;rport", "pc33.example.com;branch=z9hG4bK1");
  receive(named, address("198.51.100.4", 40000));
  ASSERT_TRUE(answer(200));
  EXPECT_EQ(header_of(sent[0].text, "Via"),
            "SIP/2.0/UDP pc33.example.com;branch=z9hG4bK1;received=198.51.100.4");
  EXPECT_EQ(sent[0].destination, address("198.51.100.4", 5060));
}

TEST_F(EngineServerResponseRoute, replaces_a_received_that_the_client_made_up) {
  receive(replaced(invite, ";rport", ";received=203.0.113.99;rport=1"));
  ASSERT_TRUE(answer(200));
  EXPECT_EQ(header_of(sent[0].text, "Via"),
            "SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1;received=192.0.2.1;rport=5062");
}

}  // namespace
}  // namespace sipring::test
