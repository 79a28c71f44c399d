// The phones of a load generator, and a registrar that is their proxy, too, over a network of
// virtual time.
// SPDX-License-Identifier: MIT
#pragma once

#include <load/load_user.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/apps/answer/answer_fixture.h"
#include "tests/support/engine_fixture.h"

namespace sipring::app::test {

using namespace sipring::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Stateless: of a request it finds the Contact that has been registered, of a response the Via.
class RegistrarAndProxy {
 public:
  std::map<std::string, std::string> bindings;  // Contact by the URI of To
  std::uint32_t expires = 3'600;                // at most
  // A status line and header lines that REGISTER gets instead; empty: none.
  std::function<std::string(std::string_view)> refuse = [](std::string_view) { return ""; };

  std::string pass(const std::string& text) {
    if (text.starts_with("SIP/2.0")) return without_via(text);
    if (text.starts_with("REGISTER")) return registered(text);
    return forwarded(text);
  }

 private:
  static std::string uri_of(const std::string& address) {
    const std::size_t begin = address.find('<') + 1;
    return address.substr(begin, address.find('>') - begin);
  }
  static std::string without_via(const std::string& text) {
    const std::size_t at = text.find("Via:");
    return text.substr(0, at) + text.substr(text.find("\r\n", at) + 2);
  }
  std::string registered(const std::string& text) {
    const std::string refusal = refuse(text);
    if (!refusal.empty()) return response(text, refusal);
    const auto asked = static_cast<std::uint32_t>(std::stoul(header_of(text, "Expires")));
    const std::string contact = header_of(text, "Contact"), to = uri_of(header_of(text, "To"));
    if (asked == 0) {
      bindings.erase(to);
      return response(text, "SIP/2.0 200 OK\r\n");
    }
    bindings[to] = uri_of(contact);
    return response(text, "SIP/2.0 200 OK\r\nContact: <sip:somebody@192.0.2.77>;expires=7, " +
                              contact + ";expires=" + std::to_string(std::min(asked, expires)) +
                              "\r\n");
  }
  static std::string response(const std::string& to, const std::string& first_lines) {
    std::string text = first_lines;
    for (const char* name : {"Via", "From", "Call-ID", "CSeq"})
      text += std::string(name) + ": " + header_of(to, name) + "\r\n";
    return text + "To: " + header_of(to, "To") + ";tag=registrar\r\nContent-Length: 0\r\n\r\n";
  }
  std::string forwarded(const std::string& text) {
    const std::size_t begin = text.find(' ') + 1, end = text.find(' ', begin);
    std::string uri = text.substr(begin, end - begin);
    const auto binding = bindings.find(uri);
    if (binding != bindings.end()) uri = binding->second;
    const std::string via = header_of(text, "Via");
    return text.substr(0, begin) + uri +
           " SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKp" +
           via.substr(via.find("branch=") + 7) + text.substr(text.find("\r\n"));
  }
};

class PhonesFixture : public ::testing::Test {
 protected:
  static Settings roomy() {
    Settings settings;
    settings.limits.transactions = 4'096;
    settings.limits.outputs = 64;
    settings.limits.calls = 256;
    settings.finds_merged = false;
    return settings;
  }

  void begin(const LoadOptions& options, std::uint32_t phones, Connections* connections = nullptr) {
    const Listener listener{Flow::of_listener(0), address("192.0.2.1", 5062)};
    const Target target{
        .address = address("192.0.2.9", 5060),
        .user = "load",
        .phones = {.first = 1, .step = 3, .count = phones},
        .domain = "example.com",
        .endpoint = make_endpoints({&listener, 1}, "").front(),
        .way = {.listener = listener.flow, .connections = connections, .side_by_side = phones}};
    load.emplace(options, target, SessionNames{0xabc, 3}, *std::pmr::new_delete_resource(), view);
  }
  static LoadOptions ten_calls(Scenario scenario = Scenario::registered) {
    return {.scenario = scenario,
            .arrivals = {.rate = 10, .duration = seconds(1)},
            .sessions = 256,
            .entropy = Entropy{{4, 3, 2, 1}}};
  }
  const PhoneTally& phones() const { return load->tally().phones; }

  // Runs until `by` from now; each message takes a millisecond to the proxy and back unless `lose`
  // takes it.
  void run(Duration by) {
    const Instant until = now + by;
    for (;;) {
      const Instant next = std::min({engine.next_deadline(), load->next_deadline(),
                                     network.empty() ? never : network.front().at});
      if (next > until) break;
      now = std::max(now, next);
      step();
    }
    now = until;
  }
  void step() {
    deliver();
    engine.advance(now);
    take();
    if (load->next_deadline() <= now) load->advance(engine, now);
    take();
  }

  void finish() {
    load->on_finish(engine, now);
    take();
  }
  void receive(const std::string& text, Flow flow = Flow::of_listener(0)) {
    const PaddedText arrived(text);
    engine.receive(now, {arrived.view(), address("192.0.2.9", 5060), flow, Flow::of_listener(0)});
    take();
  }
  // What has been sent since and begins so.
  std::vector<std::string> sent_with(std::string_view beginning) const {
    std::vector<std::string> texts;
    std::ranges::copy_if(sent, std::back_inserter(texts),
                         [&](const std::string& text) { return text.starts_with(beginning); });
    return texts;
  }

  Engine engine{roomy(), Entropy{{9, 9, 9, 9}}, *std::pmr::new_delete_resource()};
  Instant now{};
  RegistrarAndProxy proxy;
  LoadView view;
  std::optional<LoadUser> load;
  std::function<bool(std::string_view)> lose = [](std::string_view) { return false; };
  // What comes from the proxy comes by this one.
  std::function<Flow(std::string_view, Flow)> way_in = [](std::string_view, Flow way_out) {
    return way_out;
  };
  std::vector<std::string> sent;

 private:
  struct Letter {
    Instant at;
    std::string text;
    Flow flow;
  };
  void take() {
    while (std::optional<Output> output = engine.next_output()) {
      if (const auto* transmit = std::get_if<Transmit>(&*output)) {
        const std::string text = sent.emplace_back(transmit->bytes->view());
        if (!lose(text))
          network.push_back({now + milliseconds(1), proxy.pass(text), transmit->flow});
      } else {
        load->on_output(engine, now, *output);
      }
    }
  }
  void deliver() {
    while (!network.empty() && network.front().at <= now) {
      const Letter letter = network.front();
      network.erase(network.begin());
      receive(letter.text, way_in(letter.text, letter.flow));
    }
  }

  std::vector<Letter> network;
};

}  // namespace sipring::app::test
