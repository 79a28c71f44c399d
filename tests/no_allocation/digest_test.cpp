// Challenges answered and judged, with the hashes of io/.
// SPDX-License-Identifier: MIT
#include <sipring/core/auth/digest_client.h>
#include <sipring/core/auth/digest_server.h>
#include <sipring/core/message/parser.h>
#include <sipring/io/digest_hashes.h>

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <memory_resource>
#include <string>
#include <string_view>

#include "tests/no_allocation/allocations.h"

namespace sipring::test {
namespace {

// A message written into an array.
class Written {
 public:
  Written& operator<<(std::string_view text) {
    std::memcpy(octets_.data() + size_, text.data(), text.size());
    size_ += text.size();
    return *this;
  }
  void start() { size_ = 0; }
  [[nodiscard]] std::string_view view() const { return {octets_.data(), size_}; }

 private:
  std::size_t size_ = 0;
  std::array<char, 8'192> octets_{};
};

class NoAllocationInDigest : public ::testing::Test {
 protected:
  static constexpr DigestRequest register_{"REGISTER", "sip:example.com", ""};

  void challenge() {
    text << "SIP/2.0 401 Unauthorized\r\n";
    put(server.challenge(now, false, lines, room));
  }
  void put(std::span<const HeaderLine> all) {
    for (const HeaderLine& line : all) text << line.name << ": " << line.value << "\r\n";
    text << "Content-Length: 0\r\n\r\n";
  }
  const Message& read() {
    EXPECT_TRUE(parse(text.view(), message));
    return message;
  }
  void be_challenged_and_let_in() {
    text.start();
    challenge();
    DigestAttempt attempt;
    EXPECT_TRUE(client.take(read(), attempt));
    text.start();
    text << "REGISTER sip:example.com SIP/2.0\r\n";
    put(client.credentials(register_, attempt, lines, room).value());
    const auto claim = server.claim(read());
    ASSERT_TRUE(claim);
    const HexDigest ha1 =
        make_ha1(hashes.functions(), claim->algorithm, "bob", "example.com", "zanzibar");
    EXPECT_EQ(server.judge(now, *claim, ha1), DigestVerdict::accepted);
  }

  DigestHashes hashes;
  std::pmr::memory_resource& memory = *std::pmr::new_delete_resource();
  DigestServer server{{.realm = "example.com"}, hashes.functions(), Entropy{{1, 2, 3, 4}}, memory};
  DigestClient client{{"bob", "zanzibar"}, hashes.functions(), Entropy{{5, 6, 7, 8}}};
  Message message{64, memory};
  Written text;
  std::array<HeaderLine, 4> lines;
  std::array<char, 4 * DigestClient::room_for_one> room{};
  Instant now = Instant{} + std::chrono::hours(1);
};

TEST_F(NoAllocationInDigest, over_a_challenge_its_answer_and_the_verdict) {
  be_challenged_and_let_in();  // warm-up
  const auto before = allocations();
  for (int i = 0; i < 100; ++i) be_challenged_and_let_in();
  EXPECT_EQ(allocations() - before, 0u);
}

}  // namespace
}  // namespace sipring::test
