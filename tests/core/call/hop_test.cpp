// Where a call's requests go: to one target of a name after the other, then to the one that has
// answered, and over a connection that is opened anew when it has ended.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/calls.h>
#include <sipring/core/dialog/dialog.h>
#include <sipring/core/outbound/keep_alives.h>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "tests/core/sending/sender_fixture.h"
#include "tests/support/call_world.h"
#include "tests/support/far_side.h"

namespace sipring::test {
namespace {

class CallHopTest : public SenderTest {
 protected:
  static CallSettings call_settings() {
    CallSettings settings;
    settings.session_expires = 1800;
    settings.keeps_alive = true;
    settings.endpoints = {{.sent_by = "192.0.2.200:5060", .contact = "<sip:alice@192.0.2.200>"}};
    return settings;
  }
  Moment moment() { return {engine, now, &sender, &connections, &keep_alives}; }
  std::expected<Handle<Call>, CallError> invite(std::string_view to, Invitation invitation = {}) {
    offer = description("alice");
    invitation.to = to;
    invitation.from = "<sip:alice@192.0.2.200>";
    invitation.offer = offer;
    const auto invited = calls.invite(moment(), invitation);
    if (invited) call = *invited;
    take_events();
    settle();
    return invited;
  }
  void end() {
    EXPECT_TRUE(calls.end(moment(), call));
    take_events();
    settle();
  }
  // The last request to a target, answered.
  void answer(const std::string& target, std::string_view status, std::string_view more = "",
              std::string_view body = "") {
    const std::string& request = texts[target];
    const NetworkAddress source = address(target.substr(4, target.find(':') - 4), 5060);
    std::string response = reply(request, status, "f1", more, body);
    // A Contact that is no address: what follows goes where the INVITE went.
    const std::string_view contact = "far@192.0.2.99";
    response.replace(response.find(contact), contact.size(), "far@pbx.example");
    arriving.push_back({response, source});
    settle();
  }
  // What the engine says and no Sender is told of.
  void settle_without_names() {
    while (auto output = engine.next_output()) {
      if (auto* transmit = std::get_if<Transmit>(&*output)) {
        sent.emplace_back(*transmit);
      } else {
        (void)calls.handle(moment(), *output);
        take_events();
      }
    }
  }

  void give(Output& output, const Sender::Verdict& verdict) override {
    std::visit(
        [&](auto& one) {
          if constexpr (requires { one.attached; })
            if (verdict.kind == Sender::Verdict::Kind::passed) one.attached = verdict.attached;
        },
        output);
    EXPECT_EQ(calls.handle(moment(), output), Fate::mine);
    take_events();
  }
  void on_no_target(const Sender::Ended& ended) override {
    EXPECT_EQ(calls.handle(moment(), ended), Fate::mine);
    take_events();
  }
  void take_events() {
    while (const auto event = calls.next_output()) {
      if (const auto* ended = std::get_if<Ended>(&*event))
        end_of_call = std::string(to_string(ended->by)) + " " + std::to_string(ended->status);
    }
  }

  std::pmr::memory_resource& memory = *std::pmr::new_delete_resource();
  Connections connections{{.shard = 0, .limits = {}}, Entropy{{5, 6, 7, 8}}, memory};
  KeepAlives keep_alives{4, Entropy{{1, 2, 3, 4}}, memory};
  Calls calls{call_settings(), {.calls = 4, .forks = 4}, Entropy{{9, 8, 7, 6}}, memory};
  Handle<Call> call;
  std::string offer, end_of_call;
  std::vector<Transmit> sent;
};

TEST_F(CallHopTest, an_invite_by_name_goes_to_the_next_target_and_the_call_stays_there) {
  habits[a] = Habit::unavailable;
  ASSERT_TRUE(invite("sip:bob@x.example"));
  EXPECT_EQ(order, a + "\n" + b + "\n");
  EXPECT_EQ(header_of(texts[a], "Call-ID"), header_of(texts[b], "Call-ID"));
  EXPECT_NE(header_of(texts[a], "Via"), header_of(texts[b], "Via"));
  answer(b, "180 Ringing");
  EXPECT_EQ(calls.state(call), CallState::ringing);
  answer(b, "200 OK", "", description("bob"));
  ASSERT_EQ(calls.state(call), CallState::established);
  end();
  EXPECT_TRUE(texts[b].starts_with("BYE ")) << texts[b];
  answer(b, "200 OK");
  EXPECT_EQ(end_of_call, "local 0");
  advance(std::chrono::minutes(2));
  EXPECT_EQ(order, a + "\n" + b + "\n") << "nobody else heard of it";
  EXPECT_TRUE(calls.is_at_rest());
  EXPECT_EQ(sender.sendings(), 0U);
  EXPECT_EQ(engine.transactions_alive(), 0U);
}

TEST_F(CallHopTest, what_is_mended_goes_to_the_target_that_asked_for_it) {
  habits[a] = Habit::unavailable;
  ASSERT_TRUE(invite("sip:bob@x.example"));
  const std::string first = texts[b];
  answer(b, "422 Session Interval Too Small", "Min-SE: 3600\r\n");
  EXPECT_TRUE(texts[b].starts_with("INVITE "));
  EXPECT_NE(header_of(texts[b], "CSeq"), header_of(first, "CSeq"));
  EXPECT_EQ(header_of(texts[b], "Min-SE"), "3600");
  EXPECT_EQ(order, a + "\n" + b + "\n");
}

TEST_F(CallHopTest, the_last_target_has_the_last_word) {
  habits[a] = habits[b] = habits[c] = Habit::unavailable;
  ASSERT_TRUE(invite("sip:bob@x.example"));
  EXPECT_EQ(order, a + "\n" + b + "\n" + c + "\n");
  EXPECT_EQ(end_of_call, "refused 503");
  advance(std::chrono::minutes(2));
  EXPECT_TRUE(calls.is_at_rest());
  EXPECT_EQ(sender.sendings(), 0U);
}

TEST_F(CallHopTest, targets_that_say_nothing_are_a_time_out) {
  ASSERT_TRUE(invite("sip:bob@x.example"));
  advance(std::chrono::minutes(3));
  EXPECT_EQ(order, a + "\n" + b + "\n" + c + "\n");
  EXPECT_EQ(end_of_call, "timed_out 408");
  EXPECT_TRUE(calls.is_at_rest());
}

TEST_F(CallHopTest, a_name_that_leads_nowhere_ends_the_call_with_503) {
  ASSERT_TRUE(invite("sip:bob@nowhere.example"));
  EXPECT_EQ(end_of_call, "timed_out 503");
  EXPECT_TRUE(calls.is_at_rest());
}

// RFC 6223 sections 4.2.3 and 4.3.
TEST_F(CallHopTest, its_flow_is_kept_alive_where_that_was_agreed_on_and_as_long_as_it_lasts) {
  ASSERT_TRUE(invite("sip:bob@192.0.2.1"));
  answer(a, "200 OK", "", description("bob"));
  EXPECT_EQ(keep_alives.size(), 0U) << "nobody has asked for it";
  end();
  answer(a, "200 OK");
  ASSERT_TRUE(invite("sip:bob@192.0.2.1"));
  std::string& request = texts[a];
  request.insert(request.find("\r\n", request.find("Via:")), ";keep=30");
  answer(a, "180 Ringing");
  EXPECT_EQ(keep_alives.size(), 1U);
  answer(a, "200 OK", "", description("bob"));
  EXPECT_EQ(keep_alives.size(), 1U);
  const auto due = keep_alives.next_due(now + std::chrono::seconds(31));
  ASSERT_TRUE(due);
  EXPECT_EQ(due->flow.peer, address("192.0.2.1", 5060));
  end();
  answer(a, "200 OK");
  EXPECT_EQ(keep_alives.size(), 0U);
}

TEST_F(CallHopTest, the_first_route_says_where_it_goes) {
  ASSERT_TRUE(invite("sip:bob@elsewhere.example", {.route = "<sip:x.example;lr>"}));
  EXPECT_EQ(order, a + "\n");
  EXPECT_TRUE(texts[a].starts_with("INVITE sip:bob@elsewhere.example ")) << texts[a];
}

// RFC 3261 section 8.1.1.8.
TEST_F(CallHopTest, a_sips_uri_or_route_takes_the_listener_that_has_a_secure_contact) {
  calls.set_endpoint(1, {.sent_by = "192.0.2.200:5061",
                         .contact = "<sip:alice@192.0.2.200:5061;transport=tls>",
                         .secure_contact = "<sips:alice@192.0.2.200:5061>"});
  const auto listener = [this](std::string_view to, std::string_view route = "") {
    const auto invited =
        calls.invite(moment(), {.to = to, .from = "<sip:alice@192.0.2.200>", .route = route});
    return invited ? calls.dialog(*invited)->listener() : 99;
  };
  EXPECT_EQ(listener("<sips:bob@192.0.2.1>"), 1U);
  EXPECT_EQ(listener("sip:bob@192.0.2.1", "<sips:192.0.2.2;lr>"), 1U);
  EXPECT_EQ(listener("sip:bob@192.0.2.1"), 0U);
}

TEST_F(CallHopTest, hung_up_while_name_servers_are_asked_it_is_never_sent) {
  dns_is_there = false;
  ASSERT_TRUE(invite("sip:bob@x.example"));
  end();
  EXPECT_EQ(end_of_call, "local 503");
  dns_is_there = true;
  advance(std::chrono::minutes(1));
  EXPECT_EQ(order, "");
  EXPECT_TRUE(calls.is_at_rest());
}

TEST_F(CallHopTest, hung_up_it_goes_to_no_other_target) {
  ASSERT_TRUE(invite("sip:bob@x.example"));
  const std::string invited = texts[a];
  answer(a, "180 Ringing");
  end();
  EXPECT_TRUE(texts[a].starts_with("CANCEL ")) << texts[a];
  answer(a, "200 OK");
  arriving.push_back({reply(invited, "503 Service Unavailable"), address("192.0.2.1", 5060)});
  settle();
  EXPECT_EQ(end_of_call, "local 503");
  EXPECT_EQ(order, a + "\n");
}

TEST_F(CallHopTest, without_anybody_to_find_it_a_name_is_no_destination) {
  const auto nobody = calls.invite({engine, now}, {.to = "sip:bob@x.example", .from = "sip:a@b"});
  EXPECT_EQ(nobody.error(), CallError::no_destination);
  EXPECT_EQ(invite("tel:+4930123456").error(), CallError::no_destination);
  EXPECT_TRUE(calls.is_at_rest());
}

TEST_F(CallHopTest, a_connection_that_has_ended_below_a_call_is_opened_again) {
  const NetworkAddress far{*parse_ip_address("192.0.2.9"), 5060, Transport::tcp};
  const auto flow = connections.towards(now, {.peer = far});
  ASSERT_TRUE(flow);
  connections.opened(now, *flow);
  offer = description("alice");
  const auto invited =
      calls.invite({engine, now, nullptr, &connections}, {.to = "sip:bob@far.example",
                                                          .from = "<sip:alice@192.0.2.200>",
                                                          .destination = far,
                                                          .flow = *flow,
                                                          .listener = Flow::of_listener(0),
                                                          .offer = offer});
  ASSERT_TRUE(invited);
  call = *invited;
  settle_without_names();
  ASSERT_EQ(sent.size(), 1U);
  const std::string request(sent[0].bytes->view());
  const PaddedText ok(reply(request, "200 OK", "f1", "", description("bob")));
  engine.receive(now, {ok.view(), far, *flow});
  settle_without_names();
  ASSERT_EQ(calls.state(call), CallState::established);
  EXPECT_EQ(sent.back().flow, *flow) << "the ACK";

  connections.closed(now, *flow);
  while (connections.next_output()) {
  }
  EXPECT_TRUE(calls.end(moment(), call));
  take_events();
  settle_without_names();
  const Transmit& bye = sent.back();
  EXPECT_TRUE(bye.bytes->view().starts_with("BYE "));
  EXPECT_NE(bye.flow, *flow);
  const auto opened = connections.next_output();
  ASSERT_TRUE(opened);
  EXPECT_EQ(std::get<OpenConnection>(*opened).flow, bye.flow);
}

}  // namespace
}  // namespace sipring::test
