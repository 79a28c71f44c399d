// Letters between two shards and their receipts; in the last test each shard is a thread.
// SPDX-License-Identifier: MIT
#include <sipring/io/post/post.h>

#include <gtest/gtest.h>

#include <atomic>
#include <memory_resource>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sipring {
namespace {

constexpr std::string_view request_octets = "OPTIONS sip:b@192.0.2.2 SIP/2.0\r\n\r\n";

Letter letter_of(std::uint32_t number, std::string_view text = request_octets) {
  return {.octets = text.data(),
          .size = static_cast<std::uint32_t>(text.size()),
          .kind = Letter::Kind::received,
          .loan = {Loan::Of::receive_buffer, number},
          .flow = Flow::of_listener(3),
          .listener = Flow::of_listener(3),
          .peer = {}};
}

// A post, and what it works on.
struct Desk {
  Desk(Mailboxes& mailboxes, std::uint32_t shard, std::uint32_t messages = 4)
      : failed(64, *std::pmr::new_delete_resource()),
        post(mailboxes, shard, messages, counters, failed, *std::pmr::new_delete_resource()) {}

  std::vector<Letter> letters() {
    std::vector<Letter> all;
    post.take_letters(100, [&](const Letter& letter, std::uint32_t) { all.push_back(letter); });
    return all;
  }
  std::vector<std::uint32_t> receipts() {
    std::vector<std::uint32_t> all;
    post.take_receipts([&](Loan loan) { all.push_back(loan.number); });
    return all;
  }
  std::vector<std::uint32_t> bells() {
    std::vector<std::uint32_t> all;
    post.ring_bells([&](std::uint32_t shard) { all.push_back(shard); });
    return all;
  }

  IoCounters counters;
  FailedSends failed;
  Post post;
};

class PostTest : public testing::Test {
 protected:
  Transmit message_by(std::uint32_t shard, Handle<Transaction> transaction = {7, 1}) {
    Transmit message;
    message.bytes = buffers_.copy(request_octets);
    message.flow = Flow::of_connection(shard, 9, 5);
    message.transaction = transaction;
    message.lane = 77;
    return message;
  }

  BufferPool buffers_{1 << 20, *std::pmr::new_delete_resource()};
  Mailboxes mailboxes_{3, 4, 8};
  Desk a_{mailboxes_, 0}, b_{mailboxes_, 1};
};

TEST_F(PostTest, lends_octets_until_their_receipt) {
  ASSERT_TRUE(a_.post.send(1, letter_of(5)));
  EXPECT_FALSE(a_.post.has_all_back());
  const std::vector<Letter> letters = b_.letters();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].octets, request_octets.data()) << "lent, not copied";
  EXPECT_EQ(letters[0].bytes(), request_octets);
  EXPECT_EQ(a_.receipts(), std::vector<std::uint32_t>{});
  b_.post.give_receipt(0, {letters[0].loan, Receipt::Outcome::done});
  EXPECT_TRUE(a_.post.has_mail());
  EXPECT_EQ(a_.receipts(), std::vector<std::uint32_t>{5});
  EXPECT_TRUE(a_.post.has_all_back());
  EXPECT_EQ(a_.counters.handed_over, 1U);
  EXPECT_EQ(b_.counters.taken_over, 1U);
}

TEST_F(PostTest, takes_receipts_in_any_order_and_as_late_as_may_be) {
  for (std::uint32_t i = 0; i < 3; ++i) ASSERT_TRUE(a_.post.send(1, letter_of(i)));
  const std::vector<Letter> letters = b_.letters();
  for (const std::size_t i : {2U, 0U, 1U}) b_.post.give_receipt(0, {letters[i].loan});
  EXPECT_EQ(a_.receipts(), (std::vector<std::uint32_t>{2, 0, 1}));
}

TEST_F(PostTest, lends_nothing_to_a_shard_that_does_not_keep_up) {
  for (std::uint32_t i = 0; i < 4; ++i) ASSERT_TRUE(a_.post.send(1, letter_of(i)));
  EXPECT_FALSE(a_.post.send(1, letter_of(4)));
  EXPECT_EQ(a_.counters.hand_over_full, 1U);
  EXPECT_TRUE(a_.post.send(2, letter_of(4))) << "another one keeps up";
  EXPECT_EQ(b_.letters().size(), 4U);
}

// The way back is never full: no more is out than receipts have room.
TEST_F(PostTest, has_no_more_out_than_receipts_have_room) {
  std::vector<Letter> held;
  for (std::uint32_t i = 0; i < 8; ++i) {
    ASSERT_TRUE(a_.post.send(1, letter_of(i)));
    for (const Letter& letter : b_.letters()) held.push_back(letter);
  }
  EXPECT_FALSE(a_.post.send(1, letter_of(8)));
  for (const Letter& letter : held) b_.post.give_receipt(0, {letter.loan});
  EXPECT_EQ(a_.receipts().size(), 8U);
  EXPECT_TRUE(a_.post.send(1, letter_of(8)));
}

TEST_F(PostTest, keeps_a_message_that_leaves_by_anothers_connection_until_it_has) {
  ASSERT_TRUE(a_.post.send(message_by(1)));
  EXPECT_EQ(buffers_.size(), 1U);
  const std::vector<Letter> letters = b_.letters();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].kind, Letter::Kind::transmit);
  EXPECT_EQ(letters[0].flow, Flow::of_connection(1, 9, 5));
  EXPECT_EQ(letters[0].lane, 77U);
  EXPECT_EQ(letters[0].bytes(), request_octets);
  EXPECT_EQ(buffers_.size(), 1U);
  b_.post.give_receipt(0, {letters[0].loan, Receipt::Outcome::done});
  EXPECT_EQ(a_.receipts(), std::vector<std::uint32_t>{}) << "no receive buffer of ours";
  EXPECT_EQ(buffers_.size(), 0U);
  EXPECT_EQ(a_.failed.size(), 0U);
}

TEST_F(PostTest, tells_which_transactions_message_has_not_left) {
  ASSERT_TRUE(a_.post.send(message_by(1, {7, 1})));
  ASSERT_TRUE(a_.post.send(message_by(1, {8, 1})));
  const std::vector<Letter> letters = b_.letters();
  b_.post.give_receipt(0, {letters[0].loan, Receipt::Outcome::done});
  b_.post.give_receipt(0, {letters[1].loan, Receipt::Outcome::failed});
  (void)a_.receipts();
  EXPECT_EQ(a_.failed.next(), (Handle<Transaction>{8, 1}));
  EXPECT_EQ(a_.failed.next(), std::nullopt);
  EXPECT_EQ(buffers_.size(), 0U);
}

TEST_F(PostTest, has_so_many_messages_out_and_not_more) {
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(a_.post.send(message_by(i % 2 == 0 ? 1 : 2)));
  EXPECT_FALSE(a_.post.send(message_by(2)));
  EXPECT_EQ(buffers_.size(), 4U) << "the fifth was not kept";
}

TEST_F(PostTest, rings_once_for_a_shard_that_sleeps) {
  EXPECT_TRUE(b_.post.may_sleep(false));
  ASSERT_TRUE(a_.post.send(1, letter_of(1)));
  ASSERT_TRUE(a_.post.send(1, letter_of(2)));
  EXPECT_EQ(a_.bells(), std::vector<std::uint32_t>{1});
  ASSERT_TRUE(a_.post.send(1, letter_of(3)));
  EXPECT_EQ(a_.bells(), std::vector<std::uint32_t>{}) << "it is awake";
  EXPECT_FALSE(b_.post.may_sleep(false)) << "there are letters";
  EXPECT_EQ(b_.letters().size(), 3U);
  EXPECT_TRUE(b_.post.may_sleep(false));
  EXPECT_EQ(a_.counters.wakes, 1U);
}

TEST_F(PostTest, wakes_nobody_for_a_receipt_that_can_wait) {
  ASSERT_TRUE(a_.post.send(1, letter_of(1)));
  EXPECT_TRUE(a_.post.may_sleep(false));
  b_.post.give_receipt(0, {b_.letters()[0].loan});
  EXPECT_EQ(b_.bells(), std::vector<std::uint32_t>{});
  EXPECT_FALSE(a_.post.may_sleep(true)) << "it starves, and a buffer is back";
}

TEST_F(PostTest, wakes_who_starves_for_a_receipt) {
  ASSERT_TRUE(a_.post.send(1, letter_of(1)));
  EXPECT_TRUE(a_.post.may_sleep(true));
  b_.post.give_receipt(0, {b_.letters()[0].loan});
  EXPECT_EQ(b_.bells(), std::vector<std::uint32_t>{0});
}

TEST_F(PostTest, wakes_whose_message_has_failed) {
  ASSERT_TRUE(a_.post.send(message_by(1)));
  EXPECT_TRUE(a_.post.may_sleep(false));
  b_.post.give_receipt(0, {b_.letters()[0].loan, Receipt::Outcome::failed});
  EXPECT_EQ(b_.bells(), std::vector<std::uint32_t>{0});
  EXPECT_FALSE(a_.post.may_sleep(false));
}

// Octets are read by one thread and given to others only when the receipt has come: a sanitizer
// sees whoever does it too early, and a receipt that is lost hangs the test.
TEST(PostBetweenThreads, lends_and_gives_back_without_a_race) {
  constexpr std::uint32_t buffers = 8, rounds = 5'000;
  Mailboxes mailboxes(2, 4, buffers * 2);
  std::atomic<std::uint64_t> sum = 0;
  const auto run = [&](std::uint32_t shard) {
    Desk desk(mailboxes, shard);
    std::vector<std::string> memory(buffers, std::string(16, '\0'));
    std::vector<std::uint32_t> free;
    for (std::uint32_t i = 0; i < buffers; ++i) free.push_back(i);
    std::uint32_t sent = 0, taken = 0;
    while (sent < rounds || taken < rounds || !desk.post.has_all_back()) {
      std::this_thread::yield();
      if (sent < rounds && !free.empty()) {
        std::string& text = memory[free.back()];
        text.assign(16, static_cast<char>('a' + sent % 26));
        if (desk.post.send(1 - shard, letter_of(free.back(), text))) {
          free.pop_back();
          ++sent;
        }
      }
      for (const Letter& letter : desk.letters()) {
        const char expected = static_cast<char>('a' + taken % 26);
        for (const char octet : letter.bytes()) sum += octet == expected ? 1 : 0;
        ++taken;
        desk.post.give_receipt(1 - shard, {letter.loan});
      }
      desk.post.take_receipts([&](Loan loan) {
        memory[loan.number].assign(16, '?');
        free.push_back(loan.number);
      });
    }
  };
  std::thread other(run, 1);
  run(0);
  other.join();
  EXPECT_EQ(sum, std::uint64_t{2} * rounds * 16);
}

}  // namespace
}  // namespace sipring
