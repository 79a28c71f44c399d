// An overloaded shard: what its engine sheds and the order in which requests have their turn.
// SPDX-License-Identifier: MIT
#include <sipring/core/overload/detail/precedence.h>
#include <sipring/core/overload/detail/turn_queue.h>
#include <sipring/core/overload/turn_budget.h>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory_resource>

#include "tests/no_allocation/answering.h"
#include "tests/no_allocation/line.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;

TEST(NoAllocation, over_a_turn_of_an_overloaded_shard) {
  Answering answering;
  const OverloadSettings overload{.source_rate = 50,
                                  .source_burst = 20,
                                  .source_transactions = 100,
                                  .advertise = true,
                                  .honour = true};
  Line line(answering, overload);
  TurnBudget budget{TurnLimits{}};
  TurnQueue queue(64, {1, 2}, *std::pmr::new_delete_resource());
  const auto source = *parse_ip_address("192.0.2.1");
  line.ask_for_control();
  expect_no_allocation(line, [&] {
    for (std::uint32_t i = 0; i < 40; ++i) {
      line.request("OPTIONS", "bob", i);
      queue.add(i, guess_precedence(line.last()), source);
    }
    queue.sort();
    budget.begin(line.now());
    TurnReport report;
    while (const auto next = queue.next()) {
      ++report.requests;
      const auto late = line.now() + milliseconds(1) * next->item;
      report.served += budget.verdict(late, next->precedence) == TurnBudget::Verdict::serve;
    }
    line.turn_away("INVITE", 99);
    line.engine().turn_ended(line.now(), report);
    line.advance(milliseconds(300));
  });
}

}  // namespace
}  // namespace sipring::test
