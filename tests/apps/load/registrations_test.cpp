// SPDX-License-Identifier: MIT
#include <load/registrations.h>

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <variant>

#include "tests/apps/load/phones_fixture.h"

namespace sipring::app::test {
namespace {

class RegistrationsTest : public PhonesFixture {};

TEST_F(RegistrationsTest, each_phone_has_an_address_of_record_and_a_contact_by_which_it_is_known) {
  begin(ten_calls(Scenario::called), 3);
  EXPECT_EQ(view.tally.read().phones.pending, 3u);
  run(seconds(1));
  const std::map<std::string, std::string> expected{
      {"sip:load1@example.com", "sip:load1@192.0.2.1:5062"},
      {"sip:load4@example.com", "sip:load4@192.0.2.1:5062"},
      {"sip:load7@example.com", "sip:load7@192.0.2.1:5062"}};
  EXPECT_EQ(proxy.bindings, expected);
  EXPECT_EQ(phones().registered, 3u);
  EXPECT_EQ(view.tally.read().phones.pending, 0u);
  const auto registers = sent_with("REGISTER sip:example.com SIP/2.0");
  ASSERT_EQ(registers.size(), 3u);
  EXPECT_EQ(header_of(registers[1], "From").substr(0, 28), "<sip:load4@example.com>;tag=");
  EXPECT_EQ(header_of(registers[1], "To"), "<sip:load4@example.com>");
  EXPECT_EQ(header_of(registers[1], "Expires"), "3600");
}

TEST_F(RegistrationsTest, no_storm_of_them_goes_out) {
  lose = [](std::string_view) { return true; };
  begin(ten_calls(Scenario::called), 1'000);
  run(milliseconds(400));
  EXPECT_EQ(sent.size(), 64u);
}

TEST_F(RegistrationsTest,
       are_refreshed_before_they_expire_by_the_same_call_id_and_a_higher_number) {
  proxy.expires = 120;
  begin(ten_calls(Scenario::called), 1);
  run(seconds(87));
  ASSERT_EQ(sent.size(), 1u);
  run(seconds(2));
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(header_of(sent[0], "Call-ID"), header_of(sent[1], "Call-ID"));
  EXPECT_EQ(header_of(sent[0], "CSeq"), "1 REGISTER");
  EXPECT_EQ(header_of(sent[1], "CSeq"), "2 REGISTER");
  EXPECT_EQ(phones().refreshed, 1u);
  EXPECT_EQ(phones().registered, 1u);
}

TEST_F(RegistrationsTest, that_are_short_are_refreshed_at_their_half) {
  LoadOptions options = ten_calls(Scenario::called);
  options.expires_s = 10;
  begin(options, 1);
  run(seconds(31));
  EXPECT_EQ(sent.size(), 7u);
}

TEST_F(RegistrationsTest, a_challenge_is_answered) {
  int challenges = 0;
  proxy.refuse = [&](std::string_view text) {
    if (text.find("\r\nAuthorization: Digest ") != text.npos) return "";
    ++challenges;
    return "SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n";
  };
  LoadOptions options = ten_calls(Scenario::called);
  options.account = DigestAccount{.username = "bob", .password = "zanzibar"};
  begin(options, 1);
  run(seconds(1));
  EXPECT_EQ(phones().registered, 1u);
  EXPECT_EQ(phones().refused, 0u);
  EXPECT_EQ(challenges, 1);
}

TEST_F(RegistrationsTest, what_is_too_brief_is_made_longer) {
  proxy.refuse = [](std::string_view text) {
    return header_of(text, "Expires") == "10"
               ? "SIP/2.0 423 Interval Too Brief\r\nMin-Expires: 60\r\n"
               : "";
  };
  LoadOptions options = ten_calls(Scenario::called);
  options.expires_s = 10;
  begin(options, 1);
  run(seconds(1));
  EXPECT_EQ(phones().registered, 1u);
  EXPECT_EQ(header_of(sent.back(), "Expires"), "60");
}

TEST_F(RegistrationsTest, who_is_refused_waits_and_tries_again_and_waits_longer) {
  proxy.refuse = [](std::string_view) { return "SIP/2.0 403 Forbidden\r\n"; };
  begin(ten_calls(Scenario::called), 1);
  run(seconds(14));
  EXPECT_EQ(sent.size(), 1u);
  EXPECT_EQ(phones().refused, 1u);
  EXPECT_EQ(phones().pending, 0u);
  run(seconds(17));  // 15 to 30 s after the first
  EXPECT_EQ(sent.size(), 2u);
  run(seconds(28));  // and 30 to 60 s after the second
  EXPECT_EQ(sent.size(), 2u) << "in less than 30 s";
  run(seconds(33));
  EXPECT_EQ(sent.size(), 3u);
}

TEST_F(RegistrationsTest, without_any_no_call_begins) {
  proxy.refuse = [](std::string_view) { return "SIP/2.0 403 Forbidden\r\n"; };
  begin(ten_calls(), 2);
  run(seconds(3));
  EXPECT_TRUE(sent_with("INVITE").empty());
  EXPECT_EQ(load->tally().failures[static_cast<std::size_t>(Failure::unregistered)], 10u);
}

TEST_F(RegistrationsTest, are_removed_in_the_end) {
  begin(ten_calls(Scenario::called), 100);
  run(seconds(1));
  EXPECT_EQ(proxy.bindings.size(), 100u);
  finish();
  EXPECT_FALSE(load->is_idle());
  run(seconds(1));
  EXPECT_TRUE(load->is_idle());
  EXPECT_TRUE(proxy.bindings.empty());
  EXPECT_EQ(phones().removed, 100u);
  EXPECT_EQ(header_of(sent.back(), "Expires"), "0");
  sent.clear();
  run(seconds(7'200));
  EXPECT_TRUE(sent.empty());
}

TEST_F(RegistrationsTest, that_are_under_way_in_the_end_are_removed_when_they_have_come) {
  begin(ten_calls(Scenario::called), 2);
  run(Duration{});
  finish();
  run(seconds(1));
  EXPECT_EQ(phones().removed, 2u);
  EXPECT_TRUE(proxy.bindings.empty());
  EXPECT_TRUE(load->is_idle());
}

class FlowsTest : public PhonesFixture {
 protected:
  void open_connections() {
    while (const auto output = connections.next_output()) {
      if (const auto* open = std::get_if<OpenConnection>(&*output))
        connections.opened(now, open->flow);
      if (const auto* end = std::get_if<EndConnection>(&*output)) connections.ended(now, end->flow);
    }
  }
  void run_connected(Duration by) {
    for (const Instant until = now + by; now < until;) {
      run(milliseconds(1));
      open_connections();
    }
  }

  Connections connections{{}, Entropy{{5, 5, 5, 5}}, *std::pmr::new_delete_resource()};
};

TEST_F(FlowsTest, each_phone_has_a_connection_and_registers_again_when_that_is_gone) {
  begin(ten_calls(Scenario::called), 3, &connections);
  run_connected(seconds(1));
  EXPECT_EQ(phones().registered, 3u);
  EXPECT_EQ(connections.size(), 3u);
  std::vector<Flow> flows;
  connections.each([&](const Connection& connection) { flows.push_back(connection.flow); });
  connections.failed(now, flows[1], CloseReason::reset);
  sent.clear();
  run_connected(seconds(10));
  EXPECT_EQ(phones().lost_flows, 1u);
  EXPECT_TRUE(sent.empty()) << "RFC 5626 section 4.5: 15 s at least";
  run_connected(seconds(21));
  EXPECT_EQ(sent_with("REGISTER").size(), 1u);
  EXPECT_EQ(phones().refreshed, 1u);
  EXPECT_EQ(connections.counters().open, 3u);
}

}  // namespace
}  // namespace sipring::app::test
