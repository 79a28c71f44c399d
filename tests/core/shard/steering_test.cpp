// SPDX-License-Identifier: MIT
#include <sipring/core/shard/steering.h>

#include <sipring/core/transaction/detail/key.h>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace sipring {
namespace {

std::string request_with(std::string_view line) {
  return "OPTIONS sip:a@example.com SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKi\r\n" +
         std::string(line) + "\r\nContent-Length: 0\r\n\r\n";
}

TEST(Steering, spreads_calls_evenly_and_by_seed) {
  const Steering steering(4, {1, 2});
  const Steering other_seed(4, {1, 3});
  std::array<int, 4> calls{};
  int moved = 0;
  for (int i = 0; i < 4'000; ++i) {
    const std::string call_id = std::to_string(i) + "@host";
    ++calls[steering.home_of(call_id)];
    moved += steering.home_of(call_id) != other_seed.home_of(call_id) ? 1 : 0;
  }
  for (const int count : calls) EXPECT_NEAR(count, 1'000, 150);
  EXPECT_NEAR(moved, 3'000, 200);
}

TEST(Steering, sends_all_messages_of_a_call_to_one_home) {
  const Steering steering(16, {7, 9});
  const auto home = steering.home_of_datagram(request_with("Call-ID: abc@d"));
  EXPECT_EQ(home, steering.home_of("abc@d"));
  EXPECT_EQ(home, steering.home_of_datagram("SIP/2.0 200 OK\r\nTo: x\r\ni:abc@d\r\n\r\n"));
  EXPECT_EQ(steering.home_of_datagram("\r\n\r\n"), std::nullopt);
}

constexpr std::uint32_t server = 0xabcdef;

std::string response_to(std::string_view branch, std::string_view to_tag) {
  return "SIP/2.0 200 OK\r\nv: SIP/2.0/UDP a;rport;branch=z9hG4bK" + std::string(branch) +
         "\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=" + std::string(to_tag) +
         "\r\nCall-ID: abc@d\r\nCSeq: 1 INVITE\r\n\r\n";
}
std::string request_to(std::string_view branch, std::string_view to_tag) {
  std::string text = response_to(branch, to_tag);
  return text.replace(0, text.find("\r\n"), "INVITE sip:c@d SIP/2.0");
}

class MarkedSteering : public testing::Test {
 protected:
  // A mark of ours that names another shard than the Call-ID does.
  MarkedSteering() : home_(steering_.home_of("abc@d")), other_((home_ + 1) % 4) {
    const HexText tag = make_tag({}, {server, static_cast<std::uint8_t>(other_)});
    mark_ = std::string(tag.view());
  }
  Steering steering_{4, {1, 2}, server};
  std::uint32_t home_, other_;
  std::string mark_;
};

TEST_F(MarkedSteering, gives_a_response_to_the_shard_that_made_its_branch) {
  EXPECT_EQ(steering_.home_of_datagram(response_to(mark_, "x")), other_);
  EXPECT_EQ(steering_.home_of_datagram(response_to("foreign", mark_)), home_);
  EXPECT_EQ(steering_.home_of_datagram(response_to("12345603aaaa", "x")), home_);
}

TEST_F(MarkedSteering, gives_a_request_to_the_shard_that_made_its_to_tag) {
  EXPECT_EQ(steering_.home_of_datagram(request_to("x", mark_)), other_);
  EXPECT_EQ(steering_.home_of_datagram(request_to(mark_, "x")), home_);
  EXPECT_EQ(steering_.home_of_datagram(request_to("x", "y")), home_);
}

TEST_F(MarkedSteering, gives_what_came_back_to_the_shard_that_sent_it) {
  EXPECT_EQ(steering_.home_of_undelivered(request_to(mark_, "x")), other_);
  EXPECT_EQ(steering_.home_of_undelivered(response_to("x", mark_)), other_);
  EXPECT_EQ(steering_.home_of_undelivered(response_to(mark_, "x")), home_);
}

TEST_F(MarkedSteering, looks_at_the_topmost_via_only) {
  std::string response = response_to("x, SIP/2.0/UDP b;branch=z9hG4bK" + mark_, "x");
  EXPECT_EQ(steering_.home_of_datagram(response), home_);
  EXPECT_EQ(steering_.home_of_datagram(response_to(mark_ + ", SIP/2.0/UDP b;branch=z9hG4bKi", "x")),
            other_);
}

TEST_F(MarkedSteering, goes_by_the_call_id_when_the_marked_shard_has_stopped) {
  std::vector<ShardPhase> phases(4, ShardPhase::serving);
  phases[other_] = ShardPhase::draining;
  steering_.place(make_homes(phases));
  EXPECT_EQ(steering_.home_of_datagram(request_to("x", mark_)), other_);
  phases[other_] = ShardPhase::stopped;
  steering_.place(make_homes(phases));
  EXPECT_EQ(steering_.home_of_datagram(request_to("x", mark_)), home_);
}

TEST_F(MarkedSteering, has_a_next_home_while_the_home_drains) {
  std::vector<ShardPhase> phases(4, ShardPhase::serving);
  phases[home_] = ShardPhase::draining;
  steering_.place(make_homes(phases));
  EXPECT_EQ(steering_.home_of_datagram(request_to("x", "y")), home_);
  const auto next = steering_.next_home_of_datagram(request_to("x", "y"));
  EXPECT_NE(next, home_);
  phases[home_] = ShardPhase::stopped;
  steering_.place(make_homes(phases));
  EXPECT_EQ(steering_.home_of_datagram(request_to("x", "y")), next);
}

}  // namespace
}  // namespace sipring
