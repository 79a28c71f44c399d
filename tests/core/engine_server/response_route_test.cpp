// Where responses go: RFC 3261 section 18.2; RFC 3581.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <string>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

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

// RFC 6223 section 4.4.
class EngineServerKeeping : public EngineServerFixture {
 protected:
  static Settings keeping() {
    Settings settings = small_settings();
    settings.flows.keep_seconds = 30;
    return settings;
  }
  EngineServerKeeping() : EngineServerFixture(keeping()) {}
  static std::string offered(const std::string& request) {
    return replaced(request, ";branch", ";Keep;branch");
  }
};

TEST_F(EngineServerKeeping, answers_an_offer_of_keep_alives_in_each_response) {
  receive(offered(invite), address("192.0.2.1", 40000));
  ASSERT_TRUE(answer(180));
  ASSERT_TRUE(answer(200));
  for (const Sent& response : sent) {
    EXPECT_THAT(response.text, HasSubstr(" 192.0.2.1:5062;Keep=30;branch=z9hG4bK1;rport=40000;"
                                         "received=192.0.2.1\r\n"));
  }
  EXPECT_EQ(sent.size(), 2u);
  sent.clear();
  receive(replaced(replaced(invite, "z9hG4bK1", "z9hG4bK2"), ";rport", ";rport;keep"),
          address("192.0.2.1", 40000));
  ASSERT_TRUE(answer(200));
  EXPECT_THAT(sent[0].text, HasSubstr(";rport=40000;keep=30;received=192.0.2.1\r\n"));
}

TEST_F(EngineServerKeeping, answers_the_same_to_a_request_that_comes_again) {
  const std::string registration = offered(with_method("REGISTER"));
  receive(registration);
  ASSERT_TRUE(answer(200));
  receive(registration);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].text, sent[1].text);
  EXPECT_THAT(sent[0].text, HasSubstr(";Keep=30;"));
}

TEST_F(EngineServerKeeping, offers_that_nothing_lasts_for_are_passed_over) {
  receive(offered(with_method("OPTIONS")));
  ASSERT_TRUE(answer(200));
  receive(offered(replaced(replaced(invite, "z9hG4bK1", "z9hG4bK2"), "example.com>\r\nCall",
                           "example.com>;tag=b1\r\nCall")));
  ASSERT_TRUE(answer(200));
  receive(replaced(offered(replaced(invite, "z9hG4bK1", "z9hG4bK3")), "Keep", "keep=7"));
  ASSERT_TRUE(answer(200));
  for (const Sent& response : sent) EXPECT_THAT(response.text, Not(HasSubstr("=30")));
}

}  // namespace
}  // namespace sipring::test
