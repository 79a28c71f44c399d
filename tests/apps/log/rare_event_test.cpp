// SPDX-License-Identifier: MIT
#include <log/rare_event.h>

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <vector>

namespace sipring::app::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = RareEvent::Kind;

class RareEvents : public ::testing::Test {
 protected:
  std::vector<std::string> found() {
    std::vector<std::string> lines;
    find_rare_events(3, before, now, [&](const RareEvent& event) {
      EXPECT_EQ(event.shard, 3u);
      lines.push_back(std::string(to_string(event.kind)) + " " + std::to_string(event.count) +
                      (event.details.empty() ? "" : " " + event.details));
    });
    return lines;
  }
  Metrics before, now;
};

TEST_F(RareEvents, are_none_while_all_is_well) {
  before.io.icmp_errors = now.io.icmp_errors = 7;
  now.engine.messages_received = 1'000'000;
  now.engine[DropReason::keep_alive] = 5;
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(RareEvents, tell_how_full_the_pools_are_when_requests_are_refused) {
  before.engine[DropReason::overload] = 2;
  now.engine[DropReason::overload] = 5;
  now.pools.transactions = 64;
  now.pools.transactions_capacity = 65;
  now.pools.buffer_bytes = 100;
  now.pools.buffer_bytes_capacity = 200;
  EXPECT_THAT(found(), ElementsAre("overload 3 transactions=64 capacity=65 buffer_bytes=100 "
                                   "buffer_bytes_capacity=200"));
}

TEST_F(RareEvents, tell_how_full_the_pools_are_when_answered_transactions_make_way) {
  now.engine.transactions_forgotten = 9;
  now.pools.transactions = 57;
  now.pools.transactions_capacity = 65;
  EXPECT_THAT(found(), ElementsAre("forgetting 9 transactions=57 capacity=65 buffer_bytes=0 "
                                   "buffer_bytes_capacity=0"));
}

TEST_F(RareEvents, tell_where_the_last_malformed_message_came_from) {
  now.engine[DropReason::malformed] = 1;
  now.engine[DropReason::too_large] = 2;
  now.last_malformed = {*parse_ip_address("2001:db8::1"), 5060, Transport::udp};
  EXPECT_THAT(found(), ElementsAre("malformed 3 last_source=[2001:db8::1]:5060"));
}

TEST_F(RareEvents, tell_why_the_kernel_refused_to_send) {
  now.io[SendFailure::no_buffers] = 4;
  now.io[SendFailure::unreachable] = 1;
  EXPECT_THAT(found(), ElementsAre("send_failed 5 no_buffers=4 unreachable=1"));
}

TEST_F(RareEvents, tell_what_else_goes_wrong_in_io) {
  now.io.send_queue_full = 1;
  now.io.icmp_errors = 2;
  now.io.enobufs_rearmed = 3;
  now.io.truncated = 4;
  now.io.hand_over_full = 5;
  now.io.segments_refused = 6;
  EXPECT_THAT(found(),
              ElementsAre("send_queue_full 1", "icmp_error 2", "receive_buffers_exhausted 3",
                          "truncated 4", "hand_over_full 5", "segments_refused 6"));
}

TEST_F(RareEvents, have_a_name_each) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < RareEvent::kinds; ++i) {
    const std::string_view name = to_string(static_cast<Kind>(i));
    EXPECT_FALSE(name.empty()) << i;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

}  // namespace
}  // namespace sipring::app::test
