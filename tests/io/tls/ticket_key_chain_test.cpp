// SPDX-License-Identifier: MIT
#include <sipring/io/tls/ticket_key_chain.h>

#include <gtest/gtest.h>

#include <chrono>

namespace sipring {
namespace {

using namespace std::chrono_literals;

constexpr Instant beginning{1h};

TicketKey current_of(const TicketKeyChain& chain) {
  return *chain.keys().current();
}
bool knows(const TicketKeyChain& chain, const TicketKey& key) {
  bool is_current = false;
  return chain.keys().find(key.name, is_current) != nullptr;
}

TEST(TicketKeyChain, shards_with_one_secret_have_the_same_keys_at_the_same_time) {
  const TicketSecret secret = draw_ticket_secret();
  TicketKeyChain one(secret, beginning);
  TicketKeyChain other(secret, beginning);
  one.advance(beginning + 5h);
  for (Duration step = 0h; step <= 9h; step += 1h) other.advance(beginning + step);
  one.advance(beginning + 9h);
  EXPECT_EQ(current_of(one).name, current_of(other).name);
  EXPECT_EQ(current_of(one).cipher, current_of(other).cipher);
  EXPECT_EQ(current_of(one).mac, current_of(other).mac);
}

TEST(TicketKeyChain, a_ticket_is_opened_until_two_keys_have_followed_its_own) {
  TicketKeyChain chain(draw_ticket_secret(), beginning);
  const TicketKey first = current_of(chain);
  chain.advance(beginning + TicketKeys::lifetime - 1ns);
  EXPECT_EQ(current_of(chain).name, first.name);
  chain.advance(beginning + TicketKeys::lifetime);
  EXPECT_NE(current_of(chain).name, first.name);
  EXPECT_TRUE(knows(chain, first));
  chain.advance(beginning + 2 * TicketKeys::lifetime);
  EXPECT_TRUE(knows(chain, first));
  chain.advance(beginning + 3 * TicketKeys::lifetime);
  EXPECT_FALSE(knows(chain, first));
}

TEST(TicketKeyChain, another_secret_makes_other_keys) {
  const TicketKeyChain one(draw_ticket_secret(), beginning);
  const TicketKeyChain other(draw_ticket_secret(), beginning);
  EXPECT_NE(current_of(one).name, current_of(other).name);
  EXPECT_NE(current_of(one).cipher, current_of(other).cipher);
  EXPECT_NE(current_of(one).cipher, current_of(one).mac);
}

TEST(TicketKeyChain, names_the_time_of_its_next_key) {
  TicketKeyChain chain(draw_ticket_secret(), beginning);
  EXPECT_EQ(chain.next_deadline(), beginning + TicketKeys::lifetime);
  chain.advance(beginning + 3 * TicketKeys::lifetime);
  EXPECT_EQ(chain.next_deadline(), beginning + 4 * TicketKeys::lifetime);
}

}  // namespace
}  // namespace sipring
