// A load generator and an answering user agent over a network of virtual time.
// SPDX-License-Identifier: MIT
#pragma once

#include <load/load_user.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
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

inline Target target_of(std::string user) {
  const Listener listener{Flow::of_listener(0), address("192.0.2.1", 5062)};
  return {.address = address("192.0.2.9", 5060),
          .user = std::move(user),
          .domain = "",
          .endpoint = make_endpoints({&listener, 1}, "").front(),
          .way = {.listener = listener.flow}};
}

class LoadFixture : public AnswerFixture {
 protected:
  explicit LoadFixture(const AnswerOptions& answer = {.calls = 1024})
      : AnswerFixture(roomy(), answer) {}
  static Settings roomy() {
    Settings settings;
    settings.limits.transactions = 4'096;
    settings.limits.outputs = 64;
    return settings;
  }

  void begin(const LoadOptions& options, std::string target_user = "bob") {
    load.emplace(options, target_of(std::move(target_user)), SessionNames{0xabc, 3},
                 *std::pmr::new_delete_resource(), view);
  }

  // Runs until `by` from now; each message takes a millisecond unless `lose` takes it.
  void run(Duration by) {
    const Instant until = now + by;
    while (now <= until) {
      const Instant deadline =
          std::min({engine.next_deadline(), user.next_deadline(), caller.next_deadline(),
                    load->next_deadline(), network.empty() ? never : network.front().first});
      now = std::max(now, deadline);
      if (now > until) break;
      deliver();
      step(engine, user, true);
      step(caller, *load, false);
    }
    now = until;
  }

  // A request of the answering side's.
  void call_back(const std::string& text) { network.emplace_back(now, Letter{text, false}); }

  Engine caller{roomy(), Entropy{{9, 9, 9, 9}}, *std::pmr::new_delete_resource()};
  LoadView view;
  std::optional<LoadUser> load;
  std::function<bool(std::string_view)> lose = [](std::string_view) { return false; };
  std::vector<std::string> seen;  // first lines, in the order of sending

 private:
  struct Letter {
    std::string text;
    bool to_answer;
  };
  template <class User>
  void step(Engine& machine, User& its_user, bool is_answer) {
    machine.advance(now);
    take(machine, its_user, is_answer);
    if (its_user.next_deadline() <= now) its_user.advance(machine, now);
    take(machine, its_user, is_answer);
  }
  template <class User>
  void take(Engine& machine, User& its_user, bool is_answer) {
    while (std::optional<Output> output = machine.next_output()) {
      if (const auto* transmit = std::get_if<Transmit>(&*output)) {
        const std::string text(transmit->bytes->view());
        seen.push_back(first_line(text));
        if (!lose(text)) network.emplace_back(now + milliseconds(1), Letter{text, !is_answer});
      } else {
        its_user.on_output(machine, now, *output);
      }
    }
  }
  void deliver() {
    while (!network.empty() && network.front().first <= now) {
      const Letter letter = network.front().second;
      network.erase(network.begin());
      const PaddedText arrived(letter.text);
      const NetworkAddress source =
          letter.to_answer ? address("192.0.2.1", 5062) : address("192.0.2.9", 5060);
      Engine& machine = letter.to_answer ? engine : caller;
      machine.receive(now, {arrived.view(), source, Flow::of_listener(0)});
      letter.to_answer ? take(engine, user, true) : take(caller, *load, false);
    }
  }

  std::vector<std::pair<Instant, Letter>> network;
};

inline LoadOptions ten_a_second(Scenario scenario) {
  return {
      .scenario = scenario, .arrivals = {.rate = 10, .duration = seconds(1)}, .sessions = 1'024};
}

}  // namespace sipring::app::test
