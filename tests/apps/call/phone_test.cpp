// Two softphones in virtual time: commands in, events out.
// SPDX-License-Identifier: MIT
#include <call/phone.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory_resource>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/engine_fixture.h"

namespace sipring::app::test {
namespace {

using namespace sipring::test;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Packet {
  std::string text;
  NetworkAddress from, to;
};

Settings engine_settings() {
  Settings settings;
  settings.limits.transactions = 256;
  settings.limits.sends_in_flight = 16;
  return settings;
}

struct Side {
  Side(const char* host, PhoneOptions options, std::vector<Packet>& network)
      : address(test_address(host)),
        packets(network),
        engine(engine_settings(), Entropy{{address.ip.octets[3], 2, 3, 4}},
               *std::pmr::new_delete_resource()),
        phone(options, endpoints(), Entropy{{address.ip.octets[3], 6, 7, 8}},
              *std::pmr::new_delete_resource(), [this](const Event& event) {
                events.push_back(event.name);
                lines.push_back(json_of(event));
              }) {}
  static NetworkAddress test_address(const char* host) {
    return sipring::test::address(host, 5060);
  }
  std::vector<Endpoint> endpoints() const {
    const Listener listener{Flow::of_listener(0), address};
    return make_endpoints({&listener, 1}, "");
  }
  void give(std::string_view line, const NetworkAddress& destination = {}) {
    phone.give({parse_command(line).value().value(), {destination}});
  }
  void take_outputs(Instant now) {
    while (std::optional<Output> output = engine.next_output()) {
      if (const auto* transmit = std::get_if<Transmit>(&*output)) {
        packets.push_back({std::string(transmit->bytes->view()), address, transmit->destination});
      } else {
        phone.on_output(engine, now, *output);
      }
    }
  }
  void advance(Instant now) {
    engine.advance(now);
    take_outputs(now);
    if (phone.next_deadline() <= now) phone.advance(engine, now);
    take_outputs(now);
  }
  std::vector<std::string> take() { return std::exchange(events, {}); }

  NetworkAddress address;
  std::vector<Packet>& packets;
  Engine engine;
  Phone phone;
  std::vector<std::string> events, lines;
};

class PhoneTest : public ::testing::Test {
 protected:
  void run(Duration duration = milliseconds(100)) {
    const Instant until = now + duration;
    for (;;) {
      while (!packets.empty()) deliver();
      alice->advance(now), bob->advance(now);
      if (!packets.empty()) continue;
      const Instant next = std::min({alice->engine.next_deadline(), alice->phone.next_deadline(),
                                     bob->engine.next_deadline(), bob->phone.next_deadline()});
      if (next > until) break;
      now = std::max(now, next);
    }
    now = until;
  }
  void deliver() {
    const Packet packet = packets.front();
    packets.erase(packets.begin());
    if (lose(packet.text)) return;
    Side& to = packet.to == alice->address ? *alice : *bob;
    const PaddedText text(packet.text);
    to.engine.receive(now, {text.view(), packet.from, Flow::of_listener(0)});
    to.take_outputs(now);
  }
  void begin(PhoneOptions of_alice = {}, PhoneOptions of_bob = {}) {
    alice = std::make_unique<Side>("192.0.2.1", std::move(of_alice), packets);
    bob = std::make_unique<Side>("192.0.2.2", std::move(of_bob), packets);
  }
  void call() { alice->give("call sip:bob@192.0.2.2", bob->address); }
  void establish() {
    begin({}, {.answers = true});
    call();
    run();
    ASSERT_THAT(alice->take(), ElementsAre("calling", "ringing", "established"));
    ASSERT_THAT(bob->take(), ElementsAre("incoming", "established"));
  }

  Instant now{std::chrono::hours(1)};
  std::vector<Packet> packets;
  std::function<bool(const std::string&)> lose = [](const std::string&) { return false; };
  std::unique_ptr<Side> alice, bob;
};

TEST_F(PhoneTest, a_call_rings_until_it_is_answered) {
  begin();
  call();
  run();
  EXPECT_THAT(alice->take(), ElementsAre("calling", "ringing"));
  EXPECT_THAT(bob->take(), ElementsAre("incoming"));
  bob->give("answer");
  run();
  EXPECT_THAT(alice->take(), ElementsAre("established"));
  EXPECT_THAT(bob->take(), ElementsAre("established"));
  bob->give("hangup");
  run();
  EXPECT_THAT(alice->lines.back(), HasSubstr(R"("event":"ended","call":1,"by":"remote")"));
  EXPECT_THAT(bob->lines.back(), HasSubstr(R"("event":"ended","call":1,"by":"local")"));
}

TEST_F(PhoneTest, the_next_target_is_called_when_one_says_nothing) {
  begin({}, {.answers = true});
  const auto has_gone_on = [&] {
    return !alice->events.empty() && alice->events.back() == "next_target";
  };
  lose = [&](const std::string& text) { return text.starts_with("INVITE") && !has_gone_on(); };
  alice->phone.give({parse_command("call sip:bob@example.com").value().value(),
                     {address("192.0.2.77", 5060), bob->address}});
  run(seconds(40));
  EXPECT_THAT(alice->lines.at(1), HasSubstr(R"("target":"udp:192.0.2.2:5060","by":"timed_out")"));
  EXPECT_THAT(alice->take(), ElementsAre("calling", "next_target", "ringing", "established"));
}

TEST_F(PhoneTest, whoever_has_rung_and_refuses_has_answered_for_all_targets) {
  begin();
  alice->phone.give({parse_command("call sip:bob@example.com").value().value(),
                     {bob->address, address("192.0.2.77", 5060)}});
  run();
  bob->give("reject 503");
  run();
  EXPECT_THAT(alice->take(), ElementsAre("calling", "ringing", "ended"));
}

TEST_F(PhoneTest, a_call_by_a_transport_that_nobody_listens_for_is_named) {
  begin();
  NetworkAddress target = bob->address;
  target.transport = Transport::tcp;
  alice->give("call sip:bob@192.0.2.2;transport=tcp", target);
  run();
  EXPECT_THAT(alice->lines.back(), HasSubstr("no listener is of its transport"));
}

TEST_F(PhoneTest, a_rejection_has_its_code) {
  begin();
  call();
  run();
  bob->give("reject 603");
  run();
  EXPECT_THAT(alice->lines.back(), HasSubstr(R"("by":"refused","status":603)"));
}

TEST_F(PhoneTest, hold_and_resume_are_told_on_both_sides) {
  establish();
  alice->give("hold");
  run();
  EXPECT_THAT(alice->take(), ElementsAre("held"));
  EXPECT_THAT(alice->lines.back(), HasSubstr(R"("local":"sendonly","remote":"recvonly")"));
  EXPECT_THAT(bob->take(), ElementsAre("held_by_remote"));
  bob->give("hold");
  run();
  EXPECT_THAT(bob->take(), ElementsAre("held"));
  EXPECT_THAT(alice->take(), ElementsAre("held_by_remote"));
  alice->give("resume");
  run();
  EXPECT_THAT(alice->take(), ElementsAre("resumed"));
  bob->give("resume");
  run();
  EXPECT_THAT(bob->take(), Contains("resumed"));
  EXPECT_THAT(alice->lines.back(), HasSubstr(R"("local":"sendrecv","remote":"sendrecv")"));
}

TEST_F(PhoneTest, keys_come_one_after_the_other) {
  establish();
  alice->give("dtmf 1*#");
  run();
  EXPECT_THAT(bob->take(), ElementsAre("dtmf", "dtmf", "dtmf"));
  EXPECT_THAT(bob->lines[2], HasSubstr(R"("signal":"1","milliseconds":160)"));
  EXPECT_THAT(bob->lines[4], HasSubstr(R"("signal":"#")"));
  EXPECT_THAT(alice->lines.back(), HasSubstr(R"("event":"dtmf_sent","call":1,"keys":3)"));
}

TEST_F(PhoneTest, several_calls_are_told_apart_by_their_numbers) {
  establish();
  call();
  run();
  EXPECT_THAT(alice->lines.back(), HasSubstr(R"("event":"established","call":2)"));
  alice->give("hold 1");
  alice->give("hangup");
  run();
  EXPECT_THAT(alice->lines, Contains(HasSubstr(R"("event":"held","call":1)")));
  EXPECT_THAT(alice->lines, Contains(HasSubstr(R"("event":"ended","call":2)")));
  EXPECT_FALSE(alice->phone.is_idle());
}

TEST_F(PhoneTest, a_command_for_a_call_that_is_not_there_is_an_error) {
  establish();
  alice->give("hold 7");
  alice->give("answer");
  run();
  EXPECT_THAT(alice->lines, Contains(HasSubstr("there is no such call")));
  EXPECT_THAT(alice->lines.back(), HasSubstr(R"("command":"answer","text":"wrong_state")"));
}

TEST_F(PhoneTest, wait_and_pause_hold_commands_back) {
  begin({}, {.answers = true});
  call();
  for (const char* const line : {"wait established", "pause 3", "hold", "wait held", "hangup"})
    alice->give(line);
  run(seconds(2));
  EXPECT_THAT(alice->take(), ElementsAre("calling", "ringing", "established"));
  run(seconds(2));
  EXPECT_THAT(alice->take(), ElementsAre("held", "ended"));
}

TEST_F(PhoneTest, a_wait_that_comes_after_its_event_is_over_at_once) {
  establish();
  run(seconds(2));
  alice->give("wait established");
  alice->give("hangup");
  run();
  EXPECT_THAT(alice->take(), ElementsAre("ended"));
}

TEST_F(PhoneTest, a_wait_for_what_has_come_during_a_pause_is_over_with_it) {
  establish();
  for (const char* const line : {"pause 3", "wait ended", "quit"}) alice->give(line);
  bob->give("hangup");
  run(seconds(2));
  EXPECT_FALSE(alice->phone.is_over());
  run(seconds(2));
  EXPECT_TRUE(alice->phone.is_over());
}

TEST_F(PhoneTest, to_quit_ends_every_call_and_takes_no_more) {
  establish();
  alice->give("quit");
  run();
  EXPECT_THAT(alice->take(), ElementsAre("ended"));
  EXPECT_TRUE(alice->phone.is_over());
  bob->give("call sip:alice@192.0.2.1", alice->address);
  run();
  EXPECT_THAT(bob->lines.back(), HasSubstr(R"("by":"refused","status":480)"));
}

TEST_F(PhoneTest, to_quit_cancels_what_has_no_answer_yet) {
  begin();
  call();
  run();
  alice->phone.quit();
  run();
  EXPECT_TRUE(alice->phone.is_over());
  EXPECT_THAT(bob->lines.back(), HasSubstr(R"("by":"remote")"));
}

TEST_F(PhoneTest, the_last_expectation_makes_it_quit) {
  begin({.expectations = {"ringing=180", "established"}}, {.answers = true});
  call();
  run();
  EXPECT_TRUE(alice->phone.expectations().are_met());
  EXPECT_TRUE(alice->phone.is_over());
  EXPECT_THAT(bob->take(), ElementsAre("incoming", "established", "ended"));
}

TEST_F(PhoneTest, a_lost_bye_does_not_keep_it_for_ever) {
  establish();
  lose = [](const std::string& text) { return text.starts_with("BYE"); };
  alice->phone.quit();
  run(seconds(40));
  EXPECT_TRUE(alice->phone.is_over());
}

}  // namespace
}  // namespace sipring::app::test
