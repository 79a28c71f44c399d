// Line: an engine and a caller. `Serve` handles what is not for the wire: on_output(engine, now,
// output), advance(engine, now).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/engine.h>
#include <sipring/pools/fixed_text.h>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <variant>

#include "tests/no_allocation/allocations.h"
#include "tests/no_allocation/offer.h"

namespace sipring::test {

template <class Serve>
class Line {
 public:
  explicit Line(Serve& serve, const OverloadSettings& overload = {})
      : serve_(serve),
        engine_(settings(overload), {{1, 2, 3, 4}}, *std::pmr::new_delete_resource()) {}

  // A request of the call; `transaction` makes its branch.
  void request(std::string_view method, std::string_view user, std::uint32_t transaction,
               bool in_dialog = false) {
    write(method, user, transaction, in_dialog);
    receive(text_.view());
  }
  // One that there is no time for.
  void turn_away(std::string_view method, std::uint32_t transaction) {
    write(method, "bob", transaction, false);
    engine_.turn_away(now_, {text_.view(), source, Flow::of_listener(0)});
    take_outputs();
  }
  // From now on requests ask for overload control.
  void ask_for_control() { via_parameters_ = R"(;oc;oc-algo="loss")"; }
  void write(std::string_view method, std::string_view user, std::uint32_t transaction,
             bool in_dialog) {
    const bool invites = method == "INVITE";
    text_.clear();
    text_ << method << " sip:" << user << "@192.0.2.9 SIP/2.0\r\n"
          << "Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK" << call_ << "." << transaction
          << via_parameters_
          << "\r\nMax-Forwards: 70\r\nFrom: <sip:alice@example.com>;tag=" << call_
          << "\r\nTo: <sip:bob@example.com>";
    if (in_dialog) text_ << ";tag=" << to_tag();
    text_ << "\r\nCall-ID: c" << call_ << "\r\nCSeq: " << (method == "BYE" ? "8 " : "7 ") << method
          << "\r\nContact: <sip:alice@192.0.2.1:5062>\r\n";
    if (invites) text_ << "Content-Type: application/sdp\r\n";
    text_ << "Content-Length: " << static_cast<std::uint32_t>(invites ? offer.size() : 0)
          << "\r\n\r\n"
          << (invites ? offer : "");
  }
  void receive(std::string_view octets) {
    engine_.receive(now_, {octets, source, Flow::of_listener(0)});
    take_outputs();
  }
  void advance(Duration by) {
    now_ += by;
    engine_.advance(now_);
    take_outputs();
    serve_.advance(engine_, now_);
    take_outputs();
  }
  void take_outputs() {
    while (std::optional<Output> output = engine_.next_output()) {
      if (const auto* transmit = std::get_if<Transmit>(&*output)) {
        ++sent_;
        last_.clear();
        last_ << transmit->bytes->view();
      } else {
        serve_.on_output(engine_, now_, *output);
      }
    }
  }
  void next_call() { ++call_; }

  [[nodiscard]] std::string_view last() const { return last_.view(); }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] Engine& engine() { return engine_; }
  [[nodiscard]] Instant now() const { return now_; }

 private:
  static Settings settings(const OverloadSettings& overload) {
    Settings settings;
    settings.limits.transactions = 4'096;
    settings.overload = overload;
    return settings;
  }
  [[nodiscard]] std::string_view to_tag() const {
    const std::string_view message = last_.view();
    const std::size_t to = message.find("\r\nTo:");
    const std::size_t begin = message.find(";tag=", to) + 5;
    return message.substr(begin, message.find("\r\n", begin) - begin);
  }

  const NetworkAddress source{*parse_ip_address("192.0.2.1"), 5062, Transport::udp};
  Serve& serve_;
  Engine engine_;
  Instant now_{};
  std::string_view via_parameters_;
  // Far larger than any message: the parser may read behind what is written.
  FixedText<4096> text_, last_;
  std::uint32_t call_ = 0;
  std::uint64_t sent_ = 0;
};

// Runs `call` until everything has been touched that it touches, then counts.
template <class AnyLine, class Call>
void expect_no_allocation(AnyLine& line, Call&& call) {
  constexpr int rounds = 200;
  for (int i = 0; i < rounds; ++i) call(), line.next_call();
  const std::uint64_t sent_before = line.sent();
  const std::size_t before = allocations();
  for (int i = 0; i < rounds; ++i) call(), line.next_call();
  EXPECT_EQ(allocations(), before);
  EXPECT_GE(line.sent(), sent_before + rounds);
}

}  // namespace sipring::test
