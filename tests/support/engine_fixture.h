// An engine in virtual time: feed it texts, look at what it wants.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/core/message/parser.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/sip_text.h"

namespace sipring::test {

inline NetworkAddress address(std::string_view ip, std::uint16_t port) {
  return {*parse_ip_address(ip), port, Transport::udp};
}

// Octets with the readable padding that parsers may touch.
class PaddedText {
 public:
  explicit PaddedText(std::string_view text) : size_(text.size()), octets_(text) {
    octets_.append(readable_padding, '\xff');
  }
  [[nodiscard]] std::string_view view() const { return {octets_.data(), size_}; }

 private:
  std::size_t size_;
  std::string octets_;
};

class EngineFixture : public ::testing::Test {
 protected:
  struct Sent {
    std::string text;
    NetworkAddress destination;
    std::uint32_t lane = 0;
    Handle<Transaction> transaction = {};
  };

  static Settings small_settings() {
    Settings settings;
    settings.limits.transactions = 64;
    settings.limits.sends_in_flight = 16;
    settings.finds_merged = false;  // tests make another request of one by another branch
    return settings;
  }

  explicit EngineFixture(const Settings& settings = small_settings(),
                         std::pmr::memory_resource& memory = *std::pmr::new_delete_resource())
      : engine(settings, Entropy{{1, 2, 3, 4}}, memory) {}

  void receive(std::string_view text, NetworkAddress source = address("192.0.2.1", 5062)) {
    arrived = PaddedText(text);
    engine.receive(now, {arrived.view(), source, Flow::of_listener(7)});
    take_outputs();
  }

  void advance(Duration by) { advance_to(now + by); }

  // Steps through every deadline on the way, as a loop would.
  void advance_to(Instant until) {
    while (engine.next_deadline() <= until) {
      now = std::max(now, engine.next_deadline());
      engine.advance(now);
      take_outputs();
    }
    now = until;
  }

  void take_outputs() {
    while (std::optional<Output> output = engine.next_output()) take(*output);
  }

  // What was sent since the last call.
  std::vector<std::string> take_sent() {
    std::vector<std::string> texts;
    for (Sent& message : sent) texts.push_back(std::move(message.text));
    sent.clear();
    return texts;
  }
  std::string take_only_sent() {
    std::vector<std::string> texts = take_sent();
    EXPECT_EQ(texts.size(), 1u);
    return texts.empty() ? std::string() : texts.front();
  }

  Engine engine;
  Instant now{};
  PaddedText arrived{""};
  std::vector<Sent> sent;
  std::vector<Handle<Transaction>> requests;  // RequestReceived; a null handle is an ACK
  std::vector<std::string> request_lines;
  std::vector<int> responses;  // statuses passed up
  std::vector<Handle<Transaction>> cancelled, timed_out, failed, terminated, timer_c_fired;
  std::vector<std::uint16_t> outcomes;  // status_of() each output that has one
  std::vector<Terminated> ends;

  void take(Output& output) {
    if (const std::uint16_t status = status_of(output)) outcomes.push_back(status);
    if (const auto* transmit = std::get_if<Transmit>(&output)) {
      sent.push_back({std::string(transmit->bytes->view()), transmit->destination, transmit->lane,
                      transmit->transaction});
    } else if (const auto* request = std::get_if<RequestReceived>(&output)) {
      requests.push_back(request->transaction);
      request_lines.emplace_back(std::string(request->message->method_name()) + " " +
                                 std::string(request->message->request_uri()));
    } else if (const auto* response = std::get_if<ResponseReceived>(&output)) {
      responses.push_back(response->message->status());
    } else if (const auto* word = std::get_if<Cancelled>(&output)) {
      cancelled.push_back(word->invite);
    } else if (const auto* timeout = std::get_if<TimedOut>(&output)) {
      timed_out.push_back(timeout->transaction);
    } else if (const auto* failure = std::get_if<TransportFailed>(&output)) {
      failed.push_back(failure->transaction);
    } else if (const auto* end = std::get_if<Terminated>(&output)) {
      terminated.push_back(end->transaction);
      ends.push_back(*end);
    } else if (const auto* fired = std::get_if<TimerCFired>(&output)) {
      timer_c_fired.push_back(fired->invite);
    }
  }
};

}  // namespace sipring::test
