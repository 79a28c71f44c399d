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

TEST(Steering, finds_the_call_id_however_it_is_spelled) {
  for (const char* line : {"Call-ID: 7@host", "i: 7@host", "I:7@host", "CALL-ID \t:  7@host  ",
                           "call-id:7@host\t", "Call-ID:\r\n 7@host", "i\t:\r\n\t 7@host"}) {
    EXPECT_EQ(find_call_id(request_with(line)), "7@host") << line;
  }
}

TEST(Steering, takes_no_other_header_for_a_call_id) {
  for (const char* line : {"Call-Info: 7@host", "Contact: i: 7", "Identity: 7", "Call-IDs: 7",
                           "In-Reply-To: 7@host", "Subject: x\r\n Call-ID: 7"}) {
    EXPECT_EQ(find_call_id(request_with(line)), std::nullopt) << line;
  }
}

TEST(Steering, does_not_look_into_the_body) {
  EXPECT_EQ(find_call_id("OPTIONS sip:a SIP/2.0\r\nTo: a\r\n\r\ni: 7\r\n"), std::nullopt);
}

TEST(Steering, skips_empty_lines_before_the_start_line) {
  EXPECT_EQ(find_call_id("\r\n\r\n" + request_with("i: 7")), "7");
}

TEST(Steering, ends_well_on_any_prefix) {
  const std::string whole = request_with("Call-ID:\r\n 7@host");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::string prefix =
        whole.substr(0, size);  // its own memory, so a sanitizer sees the end
    const auto found = find_call_id(prefix);
    if (found) {
      EXPECT_TRUE(std::string_view("7@host").starts_with(*found)) << size;
    }
  }
  EXPECT_EQ(find_call_id("\r\n\r\n"), std::nullopt);
  EXPECT_EQ(find_call_id(std::string(1'000, 'i')), std::nullopt);
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
