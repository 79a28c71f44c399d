// SPDX-License-Identifier: MIT
#include <sipring/io/steering.h>

#include <gtest/gtest.h>

#include <array>
#include <string>

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

}  // namespace
}  // namespace sipring
