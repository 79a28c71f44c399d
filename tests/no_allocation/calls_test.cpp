// Calls on top of the engine: after warm-up no call costs an allocation.
// SPDX-License-Identifier: MIT
#include <sipring/core/call/calls.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string_view>
#include <variant>

#include "tests/no_allocation/line.h"

namespace sipring::test {
namespace {

// Accepts each call with what it was offered.
class Accepting {
 public:
  void on_output(Engine& engine, Instant now, const Output& output) {
    (void)calls_.handle({engine, now}, output);
    take({engine, now});
  }
  void advance(Engine& engine, Instant now) {
    calls_.advance({engine, now});
    take({engine, now});
  }
  [[nodiscard]] const CallCounters& counters() const { return calls_.counters(); }

 private:
  void take(const Moment& moment) {
    while (const auto output = calls_.next_output()) {
      if (const auto* incoming = std::get_if<IncomingCall>(&*output)) {
        (void)calls_.ring(moment, incoming->call);
        (void)calls_.accept(moment, incoming->call, {.body = incoming->offer});
      }
    }
  }

  Calls calls_{{.endpoints = {{"192.0.2.9:5060", "<sip:192.0.2.9:5060>"}}},
               {.calls = 1'024, .forks = 16},
               Entropy{{5, 6, 7, 8}},
               *std::pmr::new_delete_resource()};
};

TEST(NoAllocationInCalls, over_a_call_with_its_ACK_and_BYE) {
  Accepting user;
  Line<Accepting> line{user};
  expect_no_allocation(line, [&] {
    line.request("INVITE", "bob", 1);
    line.request("ACK", "bob", 2, true);
    line.request("BYE", "bob", 3, true);
  });
  EXPECT_EQ(user.counters().established, 400u);
  EXPECT_EQ(user.counters().ended[static_cast<std::size_t>(EndedBy::remote)], 400u);
}

}  // namespace
}  // namespace sipring::test
