// The user of `sipring answer`, on top of the engine.
// SPDX-License-Identifier: MIT
#include <answer/answer_user.h>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/no_allocation/line.h"

namespace sipring::test {
namespace {

using app::AnswerOptions;
using app::AnswerUser;
using app::Endpoint;
using app::make_endpoints;
using std::chrono::milliseconds;
using std::chrono::seconds;

class NoAllocationInAnswer : public ::testing::Test {
 protected:
  static std::vector<Endpoint> endpoints() {
    const Listener listener{Flow::of_listener(0),
                            {*parse_ip_address("192.0.2.9"), 5060, Transport::udp}};
    return make_endpoints({&listener, 1}, "");
  }
  // As in a shard: the user goes before the engine, whose buffers its calls may hold.
  ~NoAllocationInAnswer() override { user.reset(); }

  std::optional<AnswerUser> user{std::in_place, AnswerOptions{.calls = 1'024}, endpoints(),
                                 Entropy{{5, 6, 7, 8}}, *std::pmr::new_delete_resource()};
  Line<AnswerUser> line{*user};
};

TEST_F(NoAllocationInAnswer, over_a_call_with_its_ACK_and_BYE) {
  expect_no_allocation(line, [&] {
    line.request("INVITE", "bob", 1);
    line.request("ACK", "bob", 2, true);
    line.request("BYE", "bob", 3, true);
  });
  EXPECT_EQ(user->tally().hung_up, 400u);
}

TEST_F(NoAllocationInAnswer, over_a_call_that_rings_and_one_that_is_cancelled) {
  expect_no_allocation(line, [&] {
    line.request("INVITE", "ring", 1);
    line.advance(milliseconds(5'100));
    line.request("ACK", "bob", 2, true);
    line.next_call();
    line.request("INVITE", "silent", 3);
    line.request("CANCEL", "silent", 3);
    line.request("ACK", "silent", 3);
  });
  EXPECT_EQ(user->tally().acknowledged, 400u);
  EXPECT_EQ(user->tally().cancelled, 400u);
}

TEST_F(NoAllocationInAnswer, over_a_call_whose_ACK_never_comes) {
  expect_no_allocation(line, [&] {
    line.request("INVITE", "bob", 1);
    for (int i = 0; i < 40; ++i) line.advance(seconds(1));
  });
  for (int i = 0; i < 40; ++i) line.advance(seconds(1));  // the last one's BYE has no answer, too
  EXPECT_EQ(user->tally().unacknowledged, 400u);
}

TEST_F(NoAllocationInAnswer, over_requests_outside_of_calls_and_refusals) {
  std::uint32_t branch = 0;
  expect_no_allocation(line, [&] {
    for (const std::string_view method : {"OPTIONS", "REGISTER", "MESSAGE", "INFO", "SUBSCRIBE"}) {
      line.request(method, "bob", ++branch);
    }
    line.request("INVITE", "busy", ++branch);
    line.advance(seconds(40));
  });
}

}  // namespace
}  // namespace sipring::test
