// Requests that come by two ways: RFC 3261 section 8.2.2.2.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

Settings that_find(bool merged) {
  Settings settings;
  settings.limits.transactions = 64;
  settings.finds_merged = merged;
  return settings;
}

// The same request as a fork brings it: another branch.
std::string by_another_way(const std::string& request, std::string_view branch = "z9hG4bKother") {
  return replaced(request, "z9hG4bK1", branch);
}

class MergedRequests : public EngineServerFixture {
 protected:
  MergedRequests() : EngineServerFixture(that_find(true)) {}
  std::uint64_t merged() { return Counters(engine.counters())[DropReason::merged]; }
};

TEST_F(MergedRequests, get_482_when_they_come_second) {
  for (const std::string& request : {invite, with_method("OPTIONS"), with_method("X-ODD")}) {
    receive(request);
    (void)take_sent();
    receive(by_another_way(request));
    const std::string answer = take_only_sent();
    EXPECT_EQ(first_line(answer), "SIP/2.0 482 Loop Detected");
    EXPECT_THAT(header_of(answer, "Via"), ::testing::HasSubstr("branch=z9hG4bKother"));
    EXPECT_THAT(header_of(answer, "To"), ::testing::HasSubstr(";tag="));
  }
  EXPECT_THAT(requests, SizeIs(3));
  EXPECT_EQ(merged(), 3u);
  EXPECT_EQ(engine.transactions_alive(), 3u);
}

TEST_F(MergedRequests, are_seen_while_the_first_transaction_lives_and_no_longer) {
  receive(with_method("OPTIONS"));
  ASSERT_TRUE(answer(200));
  (void)take_sent();
  advance(seconds(31));
  receive(by_another_way(with_method("OPTIONS")));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 482 "));
  advance(seconds(2));  // timer J
  receive(by_another_way(with_method("OPTIONS")));
  EXPECT_THAT(sent, IsEmpty());
  EXPECT_THAT(requests, SizeIs(2));
}

TEST_F(MergedRequests, are_not_retransmissions) {
  receive(invite);
  receive(invite);
  EXPECT_EQ(merged(), 0u);
  EXPECT_EQ(engine.counters().retransmissions_received, 1u);
}

TEST_F(MergedRequests, agree_in_from_tag_call_id_and_cseq) {
  receive(invite);
  receive(by_another_way(replaced(invite, "tag=a1", "tag=a2"), "z9hG4bK2"));
  receive(by_another_way(replaced(invite, "Call-ID: c1", "Call-ID: C1"), "z9hG4bK3"));
  receive(by_another_way(replaced(invite, "CSeq: 7", "CSeq: 8"), "z9hG4bK4"));
  receive(by_another_way(with_method("OPTIONS"), "z9hG4bK5"));
  receive(by_another_way(with_method("X-ODD"), "z9hG4bK6"));
  receive(by_another_way(with_method("X-EVEN"), "z9hG4bK7"));
  EXPECT_THAT(requests, SizeIs(7));
  EXPECT_EQ(merged(), 0u);
}

TEST_F(MergedRequests, are_no_requests_within_a_dialog_no_CANCEL_and_no_ACK) {
  const std::string_view to = "<sip:bob@example.com>", tagged = "<sip:bob@example.com>;tag=b1";
  receive(replaced(with_method("INFO"), to, tagged));
  receive(replaced(by_another_way(with_method("INFO")), to, tagged));
  receive(invite);
  receive(with_method("CANCEL"));
  receive(by_another_way(with_method("CANCEL")));
  receive(by_another_way(ack()));
  EXPECT_EQ(merged(), 0u);
  EXPECT_THAT(request_lines, ElementsAre("INFO sip:bob@192.0.2.9", "INFO sip:bob@192.0.2.9",
                                         "INVITE sip:bob@192.0.2.9", "ACK sip:bob@192.0.2.9"));
}

TEST_F(MergedRequests, get_482_rather_than_503_when_the_pool_is_full) {
  receive(invite);
  for (int i = 0; i < 62; ++i) {
    receive(by_another_way(replaced(invite, "CSeq: 7", "CSeq: 1" + std::to_string(i)),
                           "z9hG4bKx" + std::to_string(i)));
  }
  (void)take_sent();
  receive(by_another_way(replaced(invite, "CSeq: 7", "CSeq: 8")));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 503 "));
  receive(by_another_way(invite));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 482 "));
  EXPECT_TRUE(engine.is_consistent());
}

class UnmergedRequests : public EngineServerFixture {
 protected:
  UnmergedRequests() : EngineServerFixture(that_find(false)) {}
};

TEST_F(UnmergedRequests, are_two_to_a_proxy) {
  receive(invite);
  receive(by_another_way(invite));
  EXPECT_THAT(requests, SizeIs(2));
  EXPECT_TRUE(engine.is_consistent());
}

}  // namespace
}  // namespace sipring::test
