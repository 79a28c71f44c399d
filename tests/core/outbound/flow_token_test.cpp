// SPDX-License-Identifier: MIT
#include <sipring/core/outbound/flow_token.h>

#include <gtest/gtest.h>

#include <sipring/core/message/uri.h>

#include <set>
#include <string>

namespace sipring::test {
namespace {

NetworkAddress address(std::string_view ip, std::uint16_t port, Transport transport) {
  return {*parse_ip_address(ip), port, transport};
}

const FlowTokens tokens({1, 2}, 7);
const PeerFlow by_udp{Flow::of_listener(3, 9), address("192.0.2.1", 40'000, Transport::udp)};
const PeerFlow by_wss{Flow::of_connection(200, 0xabcdef, 0x3fff'ffff),
                      address("2001:db8::17", 1, Transport::wss)};

TEST(FlowTokens, what_is_written_is_read) {
  for (const PeerFlow& flow : {by_udp, by_wss}) {
    const FlowTokenText token = tokens.write(flow);
    EXPECT_EQ(tokens.read(token.view()), flow) << token.view();
  }
}

TEST(FlowTokens, a_token_is_a_user_part_without_escapes) {
  for (const PeerFlow& flow : {by_udp, by_wss}) {
    const std::string text =
        "sip:" + std::string(tokens.write(flow).view()) + "@edge.example;lr;ob";
    const auto uri = parse_uri(text);
    ASSERT_TRUE(uri.has_value()) << text;
    EXPECT_EQ(tokens.read(uri->user), flow);
  }
}

TEST(FlowTokens, each_flow_has_a_token_of_its_own) {
  std::set<std::string> texts;
  for (std::uint16_t port = 1; port <= 100; ++port) {
    for (std::uint32_t slot = 0; slot < 10; ++slot) {
      const PeerFlow flow{Flow::of_listener(slot), address("192.0.2.1", port, Transport::udp)};
      texts.insert(std::string(tokens.write(flow).view()));
    }
  }
  EXPECT_EQ(texts.size(), 1'000u);
}

TEST(FlowTokens, one_character_that_was_changed_is_a_forgery) {
  for (const PeerFlow& flow : {by_udp, by_wss}) {
    const std::string right(tokens.write(flow).view());
    for (std::size_t i = 0; i < right.size(); ++i) {
      for (const char other : {'A', 'B', '_', '.', '='}) {
        if (right[i] == other) continue;
        std::string changed = right;
        changed[i] = other;
        EXPECT_EQ(tokens.read(changed).error(), FlowTokenError::forged) << i << other;
      }
    }
  }
}

TEST(FlowTokens, other_lengths_are_forgeries) {
  const std::string right(tokens.write(by_udp).view());
  for (std::size_t size = 0; size < right.size(); ++size)
    EXPECT_EQ(tokens.read(right.substr(0, size)).error(), FlowTokenError::forged);
  EXPECT_EQ(tokens.read(right + "A").error(), FlowTokenError::forged);
  EXPECT_EQ(tokens.read(std::string(1'000, 'A')).error(), FlowTokenError::forged);
}

TEST(FlowTokens, a_token_under_another_key_is_a_forgery) {
  const FlowTokens other({1, 3}, 7);
  EXPECT_EQ(other.read(tokens.write(by_udp).view()).error(), FlowTokenError::forged);
  EXPECT_EQ(status_of(FlowTokenError::forged), 403);
}

TEST(FlowTokens, a_flow_of_an_earlier_run_is_gone_and_not_forged) {
  const FlowTokens next_run({1, 2}, 8);
  EXPECT_EQ(next_run.read(tokens.write(by_udp).view()).error(), FlowTokenError::other_run);
  EXPECT_EQ(status_of(FlowTokenError::other_run), 430);
}

}  // namespace
}  // namespace sipring::test
