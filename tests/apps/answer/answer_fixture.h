// An engine with an AnswerUser on top, in virtual time: feed it texts, look at what it sends. Steps
// as a shard's loop does.
// SPDX-License-Identifier: MIT
#pragma once

#include <answer/answer_user.h>
#include <answer/stateless/stateless_user.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/engine_fixture.h"

namespace sipring::app::test {

using namespace sipring::test;

inline constexpr std::string_view audio_offer =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0\r\n";

// A request of Alice's to this user part, without a body.
inline std::string request_to(std::string_view user, std::string_view method,
                              std::string_view branch = "z9hG4bK1") {
  std::string text = sip(R"(
METHOD sip:USER@192.0.2.9 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5062;branch=BRANCH
Max-Forwards: 70
From: Alice <sip:alice@example.com>;tag=a1
To: Bob <sip:bob@example.com>
Call-ID: c1@192.0.2.1
CSeq: 7 METHOD
Contact: <sip:alice@192.0.2.1:5062>
Content-Length: 0

)");
  for (int i = 0; i < 2; ++i) text = replaced(text, "METHOD", method);
  return replaced(replaced(text, "USER", user), "BRANCH", branch);
}

inline std::string with_line(std::string text, std::string_view line) {
  return replaced(std::move(text), "Content-Length:", std::string(line) + "\r\nContent-Length:");
}

inline std::string with_body(std::string text, std::string_view body,
                             std::string_view type = "application/sdp") {
  text = with_line(std::move(text), "Content-Type: " + std::string(type));
  return replaced(std::move(text), "Content-Length: 0",
                  "Content-Length: " + std::to_string(body.size())) +
         std::string(body);
}

inline std::string invite_to(std::string_view user, std::string_view branch = "z9hG4bK1") {
  return with_body(request_to(user, "INVITE", branch), audio_offer);
}

// A later request in the dialog that `response` made.
inline std::string within(std::string_view response, std::string_view method,
                          std::string_view branch) {
  return replaced(request_to("bob", method, branch), "To: Bob <sip:bob@example.com>",
                  "To: " + header_of(response, "To"));
}

// The same with a higher number each time; an ACK has that of its INVITE.
inline std::string later(std::string_view response, std::string_view method,
                         std::string_view branch) {
  static int last = 1'000;
  const std::string number = method == "ACK" ? "7" : std::to_string(++last);
  return replaced(within(response, method, branch), "CSeq: 7 ", "CSeq: " + number + " ");
}

inline std::string body_of(std::string_view message) {
  return std::string(message.substr(message.find("\r\n\r\n") + 4));
}

// `User`: with whole dialogs, or without.
template <class User>
class AnswerFixtureOf : public ::testing::Test {
 protected:
  static Settings small_settings() {
    Settings settings;
    settings.limits.transactions = 64;
    settings.limits.sends_in_flight = 16;
    settings.server = "sipring";
    settings.finds_merged = false;  // tests make another request of one by another branch
    return settings;
  }
  static std::vector<Endpoint> endpoints() {
    const Listener listener{Flow::of_listener(0), address("192.0.2.9", 5060)};
    return make_endpoints({&listener, 1}, "");
  }

  explicit AnswerFixtureOf(const Settings& settings = small_settings(),
                           const AnswerOptions& options = {.calls = 64})
      : engine(settings, Entropy{{1, 2, 3, 4}}, *std::pmr::new_delete_resource()),
        user(options, endpoints(), Entropy{{5, 6, 7, 8}}, *std::pmr::new_delete_resource()) {}

  void receive(std::string_view text, NetworkAddress source = address("192.0.2.1", 5062)) {
    const PaddedText arrived(text);
    engine.receive(now, {arrived.view(), source, Flow::of_listener(0)});
    take_outputs();
  }

  // What is sent by then is in `sent`, with its time in `sent_at`.
  void advance(Duration by) {
    const Instant until = now + by;
    for (;;) {
      const Instant next = std::min(engine.next_deadline(), user.next_deadline());
      if (next > until) break;
      now = std::max(now, next);
      engine.advance(now);
      take_outputs();
      user.advance(engine, now);
      take_outputs();
    }
    now = until;
  }

  void take_outputs() {
    while (std::optional<Output> output = engine.next_output()) {
      if (const auto* transmit = std::get_if<Transmit>(&*output)) {
        sent.emplace_back(transmit->bytes->view());
        destinations.push_back(transmit->destination);
        sent_at.push_back(now);
      } else {
        user.on_output(engine, now, *output);
      }
    }
  }

  std::vector<std::string> take_sent() {
    destinations.clear();
    sent_at.clear();
    return std::exchange(sent, {});
  }
  std::string take_only_sent() {
    const std::vector<std::string> texts = take_sent();
    EXPECT_EQ(texts.size(), 1u);
    return texts.empty() ? std::string() : texts.front();
  }
  std::vector<std::string> take_first_lines() {
    std::vector<std::string> lines;
    for (const std::string& text : take_sent()) lines.push_back(first_line(text));
    return lines;
  }
  // The 200 of a call that is answered at once; its ACK has not been sent.
  std::string answered(std::string_view branch = "z9hG4bK1") {
    receive(invite_to("bob", branch));
    const std::vector<std::string> texts = take_sent();
    EXPECT_EQ(texts.size(), 3u);
    return texts.empty() ? std::string() : texts.back();
  }

  Engine engine;
  User user;
  Instant now{};
  std::vector<std::string> sent;
  std::vector<NetworkAddress> destinations;
  std::vector<Instant> sent_at;
};

using AnswerFixture = AnswerFixtureOf<AnswerUser>;
using StatelessFixture = AnswerFixtureOf<StatelessUser>;

}  // namespace sipring::app::test
