// The engine as a server.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <chrono>

#include "tests/no_allocation/answering.h"
#include "tests/no_allocation/line.h"

namespace sipring::test {
namespace {

using std::chrono::seconds;

TEST(NoAllocation, over_an_INVITE_call_to_the_engine) {
  Answering answering;
  Line line(answering);
  expect_no_allocation(line, [&] {
    line.request("INVITE", "bob", 1);
    line.request("INVITE", "bob", 1);
    line.request("ACK", "bob", 2, true);
    line.request("BYE", "bob", 3, true);
    line.advance(seconds(33));
  });
  EXPECT_EQ(line.engine().transactions_alive(), 0u);
}

TEST(NoAllocation, over_other_requests_to_the_engine_good_and_bad) {
  Answering answering;
  Line line(answering);
  expect_no_allocation(line, [&] {
    line.request("OPTIONS", "bob", 1);
    line.request("OPTIONS", "bob", 2);  // merged: 482
    line.receive(line.last().substr(0, 40));
    line.advance(seconds(33));
  });
}

}  // namespace
}  // namespace sipring::test
